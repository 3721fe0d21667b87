import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Repository } from '../../lib/adapters/source/git.ts';

let root: string;
let repository: Repository;

function git(...args: string[]): string {
  return execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], { cwd: root, encoding: 'utf8' }).trim();
}

function commit(files: Readonly<Record<string, string>>, message: string): string {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(root, 'project', path), text);
  git('add', '.');
  git('commit', '--quiet', '--no-gpg-sign', '--message', message);
  return git('rev-parse', 'HEAD');
}

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'sluice-git-'));
  git('init', '--quiet', '--initial-branch', 'main');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.org');
  mkdirSync(join(root, 'project', 'config'), { recursive: true });
  repository = (await Repository.around(join(root, 'project')))!;
});

afterEach(() => { rmSync(root, { recursive: true }); });

describe('a repository with the project in a folder', () => {
  it('answers commits, files and what contains what, with paths that begin at the project', async () => {
    const first = commit({ 'sluice.yaml': 'a', 'config/one.yaml': 'n: 1\n' }, 'Begin: one');
    const second = commit({ 'config/one.yaml': 'n: 2\n', 'config/ä b.yaml': 'x\n' }, 'Go on');

    expect(await repository.commit('HEAD~1')).toEqual({ hash: first, subject: 'Begin: one', author: 'Ada <ada@example.org>' });
    expect((await repository.files('HEAD', ['sluice.yaml', 'config'])).map(({ path, bytes }) => [path, Buffer.from(bytes).toString()])).toEqual([['config/one.yaml', 'n: 2\n'], ['config/ä b.yaml', 'x\n'], ['sluice.yaml', 'a']]);
    expect(await repository.history('HEAD', ['config'], 10)).toEqual([first]);
    expect([await repository.contains(second, first), await repository.contains(first, second), await repository.contains(first, 'f'.repeat(40))]).toEqual([true, false, false]);
    expect(await repository.identity()).toBe('Ada <ada@example.org>');
    await expect(repository.commit('none')).rejects.toThrow('SLUICE-GIT-1: git knows no commit none');
    await expect(repository.commit('--all')).rejects.toThrow('SLUICE-GIT-1: git knows no commit --all');
  });

  it.each(['sha1', 'sha256'])('answers the very files that are known, where a revision has the same bytes, in a repository of %s', async (format) => {
    rmSync(join(root, '.git'), { recursive: true });
    git('init', '--quiet', `--object-format=${format}`);
    commit({ 'sluice.yaml': 'a', 'config/empty.yaml': '', 'config/one.yaml': 'n: 1\n', 'config/same.yaml': 'ä\n', 'config/gone.yaml': 'x' }, 'Begin');
    const known = [['config/same.yaml', 'ä\n'], ['config/one.yaml', 'n: 2\n'], ['sluice.yaml', 'a'], ['config/new.yaml', 'x']].map(([path = '', text]) => ({ path, bytes: Buffer.from(text ?? '') }));
    const unread = { path: 'config/empty.yaml', bytes: new Uint8Array(), size: 3_000_000 };

    const files = await repository.files('HEAD', ['sluice.yaml', 'config'], [...known, unread]);

    expect(files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()])).toEqual([['config/empty.yaml', ''], ['config/gone.yaml', 'x'], ['config/one.yaml', 'n: 1\n'], ['config/same.yaml', 'ä\n'], ['sluice.yaml', 'a']]);
    expect(files.filter((file) => known.includes(file as (typeof known)[number])).map(({ path }) => path)).toEqual(['config/same.yaml', 'sluice.yaml']);
    expect(files).not.toContain(unread);
  });

  it('sees what is in no commit, below the paths alone', async () => {
    commit({ 'sluice.yaml': 'a' }, 'Begin');
    writeFileSync(join(root, 'project', 'notes.txt'), 'x');
    const before = await repository.dirty(['sluice.yaml', 'config']);
    writeFileSync(join(root, 'project', 'config', 'new.yaml'), 'x');

    expect([before, await repository.dirty(['sluice.yaml', 'config'])]).toEqual([false, true]);
  });

  it('takes a change back on a branch, on top of later commits, and leaves the work tree as it is', async () => {
    const from = commit({ 'config/one.yaml': 'a: 1\n\n\n\n\nb: 1\n' }, 'Begin');
    const to = commit({ 'config/one.yaml': 'a: 2\n\n\n\n\nb: 1\n' }, 'Bad');
    commit({ 'config/one.yaml': 'a: 2\n\n\n\n\nb: 2\n' }, 'Later');
    writeFileSync(join(root, 'project', 'draft.txt'), 'x');

    const made = await repository.revert({ branch: 'undo', onto: 'HEAD', from, to, paths: ['config'], message: 'Revert "Bad"\n\nbecause', folder: join(root, 'tree') });

    expect(git('show', `${made}:project/config/one.yaml`)).toBe('a: 1\n\n\n\n\nb: 2');
    expect(git('rev-parse', 'undo')).toBe(made);
    expect(git('log', '-1', '--format=%B', 'undo')).toBe('Revert "Bad"\n\nbecause');
    expect([git('branch', '--show-current'), git('status', '--porcelain'), git('worktree', 'list').split('\n').length]).toEqual(['main', '?? project/draft.txt', 1]);
  });

  it('commits files on a branch on top of HEAD, and leaves drafts in the work tree as they are', async () => {
    const head = commit({ 'config/one.yaml': 'a: 1\n' }, 'Begin');
    writeFileSync(join(root, 'project', 'config', 'one.yaml'), 'a: draft\n');
    const files = [{ path: 'config/one.yaml', bytes: Buffer.from('a: 2\n') }, { path: 'config/two/new.yaml', bytes: Buffer.from('b: 1\n') }];
    const change = { branch: 'aside', onto: 'HEAD', files, message: 'Aside', folder: join(root, 'tree') };

    const made = await repository.commitFiles(change);

    expect(git('show', '--format=%P %s', '--name-status', 'aside')).toBe(`${head} Aside\n\nM\tproject/config/one.yaml\nA\tproject/config/two/new.yaml`);
    expect([git('show', `${made}:project/config/one.yaml`), git('show', `${made}:project/config/two/new.yaml`)]).toEqual(['a: 2', 'b: 1']);
    expect([git('branch', '--show-current'), git('rev-parse', 'HEAD'), git('status', '--porcelain'), git('worktree', 'list').split('\n').length]).toEqual(['main', head, 'M project/config/one.yaml', 1]);
    await expect(repository.commitFiles(change)).rejects.toThrow(/SLUICE-GIT-5: git worktree failed: .*aside.* already exists/);
    expect(git('rev-parse', 'aside')).toBe(made);
  });

  it('makes no branch when later changes are in the way, or nothing is left to take back', async () => {
    const from = commit({ 'config/one.yaml': 'a: 1\n' }, 'Begin');
    const to = commit({ 'config/one.yaml': 'a: 2\n' }, 'Bad');
    commit({ 'config/one.yaml': 'a: 3\n' }, 'Later');
    const change = { branch: 'undo', onto: 'HEAD', from, to, paths: ['config'], message: 'x', folder: join(root, 'tree') };

    await expect(repository.revert(change)).rejects.toThrow('SLUICE-GIT-3: the change cannot be taken back on its own');
    await expect(repository.revert({ ...change, to: from })).rejects.toThrow('SLUICE-GIT-4: nothing in the project differs');
    expect([git('branch', '--list', 'undo'), git('worktree', 'list').split('\n').length]).toEqual(['', 1]);
  });

  it('verifies a signature by the keys git trusts, and refuses a commit without one', async () => {
    const plain = commit({ 'sluice.yaml': 'a' }, 'Unsigned');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(root, 'key')]);
    execFileSync('bash', ['-c', `printf 'ada@example.org %s' "$(cat ${root}/key.pub)" > ${root}/signers`]);
    git('config', 'gpg.format', 'ssh');
    git('config', 'user.signingKey', join(root, 'key.pub'));
    git('config', 'gpg.ssh.allowedSignersFile', join(root, 'signers'));
    git('commit', '--quiet', '--allow-empty', '-S', '--message', 'Signed');

    expect(await repository.verify(git('rev-parse', 'HEAD'))).toEqual({ signer: 'ada@example.org', key: expect.stringMatching(/^SHA256:/) });
    await expect(repository.verify(plain)).rejects.toThrow('SLUICE-GIT-2: the commit');
  });

  it('is none where there is no git', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'sluice-none-'));

    expect(await Repository.around(elsewhere)).toBeUndefined();
    rmSync(elsewhere, { recursive: true });
  });
});
