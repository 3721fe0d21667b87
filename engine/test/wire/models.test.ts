import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { loadModel, modelEntries } from '../../lib/wire/index.ts';

const ENGINE = fileURLToPath(new URL('../../', import.meta.url));

it('the models are those of the installed clients', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'models-'));
  try {
    const { writeModels } = (await import(pathToFileURL(join(ENGINE, 'tools/models.mjs')).href)) as { readonly writeModels: (folder: URL) => Promise<void> };
    await writeModels(new URL(`${pathToFileURL(folder).href}/`));
    const made = await readdir(folder);
    const kept = join(ENGINE, 'models');

    expect(made.sort()).toEqual((await readdir(kept)).sort());
    for (const name of made) expect(await readFile(join(folder, name), 'utf8') === await readFile(join(kept, name), 'utf8'), `${name} is out of date: run npm run models`).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it.each([...modelEntries().keys()])('every reference in the model of %s leads to a shape', (service) => {
  const model = loadModel(service);
  const simple = new Set(['string', 'number', 'boolean', 'blob', 'stream', 'document', 'unit', 'timestamp', 'list', 'map', 'structure']);
  const seen = new Set<string>();
  const waiting = [...model.operations.values()].flatMap(({ input, output }) => [input, output]);
  for (let type = waiting.pop(); type !== undefined; type = waiting.pop()) {
    if (seen.has(type)) continue;
    seen.add(type);
    const shape = model.shape(type);
    expect(simple.has(shape.kind), `${type} of ${service}`).toBe(true);
    if (shape.kind === 'structure') waiting.push(...shape.members.map((member) => member.type));
    else if (shape.kind === 'list') waiting.push(shape.element.type);
    else if (shape.kind === 'map') waiting.push(shape.key.type, shape.value.type);
  }

  expect(seen.size).toBeGreaterThan(2);
});
