import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

describe('operations.md', () => {
  it('says what the code implements; `npm run operations` writes it anew', async () => {
    const tool: string = '../tools/operations.mjs';
    const { operationsPage } = await import(tool) as { operationsPage: () => string };

    expect(readFileSync(new URL('../operations.md', import.meta.url), 'utf8')).toBe(operationsPage());
  });
});
