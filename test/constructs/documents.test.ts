import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentsOf } from '../../lib/constructs/documents.ts';

describe('the documents of a directory', () => {
  it('are compiled once as long as their bytes are the same, and anew when these change', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-documents-'));
    const write = (most: number, value: number): void => {
      writeFileSync(join(folder, 'limits.schema.json'), JSON.stringify({ type: 'object', properties: { orders: { maximum: most } } }));
      writeFileSync(join(folder, 'limits.json'), JSON.stringify({ orders: value }));
    };
    write(10, 5);
    const [one, same] = [documentsOf(folder), documentsOf(folder)];
    write(10, 7);
    const otherValue = documentsOf(folder);
    write(8, 7);
    const otherSchema = documentsOf(folder);
    write(6, 7);

    expect(same).toEqual(one);
    expect([...same.schemas.values()][0]).toBe([...one.schemas.values()][0]);
    expect(otherValue.epoch.documents['limits']!.content).toEqual({ orders: 7 });
    expect([...otherSchema.schemas.keys()]).not.toEqual([...one.schemas.keys()]);
    expect(() => documentsOf(folder)).toThrow(/limits\.json:1:11/);
  });
});
