import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fault } from '../../core/fault.ts';
import { GIT } from '../../core/faults/git.ts';
import type { Signature } from '../../core/provenance.ts';
import type { DirectoryFile } from './directory.ts';

/** A commit, as a release tells of it. */
export interface Commit {
  readonly hash: string;
  readonly subject: string;
  /** `Name <address>`. */
  readonly author: string;
}

/** A branch with one commit: on top of which revision, and where its work tree lies while it is made. */
interface BranchMade {
  readonly branch: string;
  readonly onto: string;
  readonly message: string;
  readonly folder: string;
}

/** A git repository, asked by the `git` command. */
export class Repository {
  /** The directory that all paths begin at. */
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** The repository around a directory, whose paths begin at that directory; nothing when there is none, or no git. */
  static async around(directory: string): Promise<Repository | undefined> {
    const repository = new Repository(directory);
    const { code } = await repository.#run(['rev-parse', '--is-inside-work-tree']);
    return code === 0 ? repository : undefined;
  }

  /** The commit behind a revision. @throws Fault `SLUICE-GIT-1` when there is none. */
  async commit(revision: string): Promise<Commit> {
    const { code, text, problem } = await this.#run(['log', '-1', '--no-show-signature', '--format=%H%x00%s%x00%an <%ae>', '--end-of-options', revision, '--']);
    const [hash, subject = '', author = ''] = text.trimEnd().split('\0');
    if (code !== 0 || hash === undefined || hash === '') throw fault(GIT, 'SLUICE-GIT-1', { revision, problem: firstLine(problem) });
    return { hash, subject, author };
  }

  /** The newest commit that changed one of the paths, seen from a revision; nothing when none did. */
  async lastChange(revision: string, paths: readonly string[]): Promise<Commit | undefined> {
    const hash = await this.#said(['log', '-1', '--format=%H', '--end-of-options', revision, '--', ...paths]);
    return hash === '' ? undefined : await this.commit(hash);
  }

  /** The commits that changed one of the paths, newest first, seen from a revision and without it; `most` of them. */
  async history(revision: string, paths: readonly string[], most: number): Promise<string[]> {
    const said = await this.#said(['rev-list', `--max-count=${most + 1}`, '--end-of-options', revision, '--', ...paths]);
    const hash = (await this.commit(revision)).hash;
    return said.split('\n').filter((one) => one !== '' && one !== hash);
  }

  /** Who commits here: `Name <address>`; nothing when git knows nobody. */
  async identity(): Promise<string | undefined> {
    const [name, address] = await Promise.all(['user.name', 'user.email'].map(async (key) => (await this.#run(['config', key])).text.trim()));
    return name === undefined || name === '' ? undefined : `${name} <${address ?? ''}>`;
  }

  /** Whether files below some paths differ from HEAD, or are not in it. */
  async dirty(paths: readonly string[]): Promise<boolean> {
    return await this.#said(['status', '--porcelain', '--untracked-files=all', '--', ...paths]) !== '';
  }

  /** Whether one commit has the other among its ancestors, or is it; unknown commits have none. */
  async contains(commit: string, ancestor: string): Promise<boolean> {
    return (await this.#run(['merge-base', '--is-ancestor', ancestor, commit])).code === 0;
  }

  /** The files below some paths as a revision has them. One of those that are known is answered itself where the revision has the same bytes in its place. */
  async files(revision: string, paths: readonly string[], known: readonly DirectoryFile[] = []): Promise<DirectoryFile[]> {
    const listed = await this.#said(['ls-tree', '-r', '-z', revision, '--', ...paths]);
    const entries = listed.split('\0').flatMap((line) => {
      const match = /^100(?:644|755) blob ([0-9a-f]+)\t(.+)$/s.exec(line);
      return match === null ? [] : [{ id: match[1] ?? '', path: match[2] ?? '' }];
    });
    const before = new Map(known.map((file) => [file.path, file]));
    const same = entries.map(({ id, path }) => {
      const file = before.get(path);
      return file !== undefined && isBlob(file, id) ? file : undefined;
    });
    const others = entries.filter((_, index) => same[index] === undefined).map(({ id }) => id);
    const { bytes } = others.length === 0 ? { bytes: Buffer.alloc(0) } : await this.#run(['cat-file', '--batch'], `${others.join('\n')}\n`);
    let from = 0;
    return entries.map(({ path }, index) => {
      const file = same[index];
      if (file !== undefined) return file;
      const head = bytes.indexOf(10, from);
      const size = Number(bytes.subarray(from, head).toString().split(' ')[2]);
      from = head + 1 + size + 1;
      return { path, bytes: bytes.subarray(head + 1, head + 1 + size) };
    });
  }

  /** The good signature of a commit, as `git verify-commit` finds it. @throws Fault `SLUICE-GIT-2` when it has none. */
  async verify(hash: string): Promise<Signature> {
    const { code, problem } = await this.#run(['verify-commit', '--raw', hash]);
    const gpg = /^\[GNUPG:\] GOODSIG (\S+) (.+)$/m.exec(problem);
    const ssh = /^Good "git" signature for (.+?) with \S+ key (\S+)$/m.exec(problem);
    if (code === 0 && gpg !== null) return { signer: gpg[2] ?? '', key: gpg[1] ?? '' };
    if (code === 0 && ssh !== null) return { signer: ssh[1] ?? '', key: ssh[2] ?? '' };
    throw fault(GIT, 'SLUICE-GIT-2', { commit: hash.slice(0, 12), problem: firstLine(problem) });
  }

  /**
   * A branch with one more commit on top of a revision: what changed below some paths between two commits, taken back. The work tree and
   * the current branch stay as they are.
   * @throws Fault `SLUICE-GIT-3` when later changes are in the way, `SLUICE-GIT-4` when nothing is left to take back.
   */
  async revert(change: BranchMade & { readonly from: string; readonly to: string; readonly paths: readonly string[] }): Promise<string> {
    const { branch, onto, from, to, paths, message, folder } = change;
    const patch = (await this.#run(['diff', '--binary', '--full-index', '--relative', `${from}..${to}`, '--', ...paths])).bytes;
    if (patch.length === 0) throw fault(GIT, 'SLUICE-GIT-4', { from: from.slice(0, 12), to: to.slice(0, 12) });
    return await this.#onBranch({ branch, onto, folder, message }, async (tree, prefix) => {
      const applied = await tree.#run(['apply', '--reverse', '--3way', '--index', ...(prefix === '' ? [] : [`--directory=${prefix}`])], patch);
      if (applied.code !== 0) throw fault(GIT, 'SLUICE-GIT-3', { problem: firstLine(applied.problem), branch });
    });
  }

  /** A branch with one more commit on top of a revision: some files have other bytes, or are new. The work tree and the current branch stay as they are. */
  async commitFiles({ files, ...made }: BranchMade & { readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[] }): Promise<string> {
    return await this.#onBranch(made, async (tree, prefix) => {
      for (const { path, bytes } of files) {
        const file = join(tree.directory, prefix, path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, bytes);
      }
      await tree.#said(['add', '--', ...files.map(({ path }) => join(prefix, path))]);
    });
  }

  /** Commits what is staged in a work tree of its own, below the folder of this repository's paths; nothing is left of it when that fails. */
  async #onBranch({ branch, onto, folder, message }: BranchMade, stage: (tree: Repository, prefix: string) => Promise<void>): Promise<string> {
    await this.#said(['worktree', 'add', '--quiet', '-b', branch, folder, onto]);
    try {
      const prefix = (await this.#said(['rev-parse', '--show-prefix'])).replace(/\/$/, '');
      const tree = new Repository(folder);
      await stage(tree, prefix);
      await tree.#said(['commit', '--quiet', '-m', message]);
      return await tree.#said(['rev-parse', 'HEAD']);
    } catch (error) {
      await this.#run(['worktree', 'remove', '--force', folder]);
      await this.#run(['branch', '-D', branch]);
      throw error;
    } finally {
      await this.#run(['worktree', 'remove', '--force', folder]);
    }
  }

  /** Commits what some paths hold now; nothing else that is changed goes with it. Answers the commit. */
  async commitPaths(paths: readonly string[], message: string): Promise<string> {
    await this.#said(['add', '--', ...paths]);
    await this.#said(['commit', '--quiet', '-m', message, '--', ...paths]);
    return await this.#said(['rev-parse', 'HEAD']);
  }

  /** What a command printed. @throws Fault `SLUICE-GIT-5` when it failed. */
  async #said(args: readonly string[]): Promise<string> {
    const { code, text, problem } = await this.#run(args);
    if (code !== 0) throw fault(GIT, 'SLUICE-GIT-5', { command: args[0] ?? '', problem: firstLine(problem) });
    return text.replace(/\n$/, '');
  }

  #run(args: readonly string[], input: string | Uint8Array = ''): Promise<{ readonly code: number; readonly bytes: Buffer; readonly text: string; readonly problem: string }> {
    return new Promise((resolve) => {
      const child = spawn('git', args, { cwd: this.directory, env: { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' }, stdio: 'pipe' });
      const [out, err]: [Buffer[], Buffer[]] = [[], []];
      child.stdout.on('data', (chunk: Buffer) => { out.push(chunk); });
      child.stderr.on('data', (chunk: Buffer) => { err.push(chunk); });
      child.on('error', ({ message }) => { resolve({ code: -1, bytes: Buffer.alloc(0), text: '', problem: message }); });
      child.on('close', (code) => {
        const bytes = Buffer.concat(out);
        resolve({ code: code ?? -1, bytes, text: bytes.toString(), problem: Buffer.concat(err).toString() });
      });
      // A command that reads no input may end before all of it is written.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
    });
  }
}

/** Whether a file holds the bytes of a blob, by what git calls them. A file that was too large to be read holds none. */
function isBlob({ bytes, size }: DirectoryFile, id: string): boolean {
  return size === undefined && createHash(id.length === 40 ? 'sha1' : 'sha256').update(`blob ${bytes.length}\0`).update(bytes).digest('hex') === id;
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '')?.trim() ?? 'git said nothing';
}
