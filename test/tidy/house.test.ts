import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const HOUSE = readFileSync('ARCHITECTURE.md', 'utf8');
/** The tables of the house, between fences. */
const TABLES = HOUSE.split('```').filter((_, at) => at % 2 === 1).join('');

function foldersOf(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules').map(({ name }) => name).sort();
}

describe('ARCHITECTURE.md', () => {
  it.each(['lib', 'lib/core', 'lib/documents', 'lib/adapters', 'lib/cli', 'engine/lib', 'bench', 'tools', 'tools/probe', 'test'])('names every room of %s', (path) => {
    const named = new Set(TABLES.split(/[^A-Za-z0-9-]+/));

    expect(foldersOf(path).filter((name) => !named.has(name))).toEqual([]);
  });

  it('numbers the steps of a change from 1 on', () => {
    const [, life = ''] = HOUSE.split('## The life of one change');
    const numbers = [...life.split('## ')[0]!.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));

    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
  });
});
