import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Fault, fault, FAULTS, PLANNING, shown } from '../../lib/core/index.ts';

const ALL = Object.values(FAULTS).flatMap((group) => Object.entries(group));

/** docs/faults.md, as the registry has it. `npx vitest run test/core/faults -u` writes it anew. */
function page(): string {
  const rows = (group: (typeof FAULTS)[string]): string => Object.entries(group)
    .map(([code, { message, remedy }]) => `| ${code} | ${escaped(message)} | ${escaped(remedy)} |`)
    .join('\n');
  const parts = Object.entries(FAULTS).map(([part, group]) => `## ${part}\n\n| code | message | what to do |\n|---|---|---|\n${rows(group)}\n`);
  return `# Errors\n\nEach error of Sluice has a code that keeps its meaning, the value it got, and what to do. Words in braces stand for values.\nThis page is made from the registry in lib/core/faults; a test keeps them equal.\n\n${parts.join('\n')}`;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function sources(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => readFileSync(join(directory, name), 'utf8'));
}

describe('the registry of errors', () => {
  test('is what docs/faults.md says', async () => {
    await expect(page()).toMatchFileSnapshot('../../docs/faults.md');
  });

  test('has each code once, of its form, with a message and a remedy', () => {
    const codes = ALL.map(([code]) => code);

    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => !/^SLUICE-[A-Z]+-\d+$/.test(code))).toEqual([]);
    expect(ALL.filter(([, { message, remedy }]) => message.length < 8 || remedy.length < 8)).toEqual([]);
  });

  test('holds no code that nothing uses', () => {
    const text = ['lib', 'lambda'].flatMap(sources).join('\n');

    expect(ALL.map(([code]) => code).filter((code) => !text.includes(`, '${code}', `))).toEqual([]);
  });
});

describe('a fault', () => {
  test('carries code, value, remedy and cause', () => {
    const cause = new Error('socket');
    const made = fault(PLANNING, 'SLUICE-PLAN-2', { field: 'stepPercent', got: 120 }, cause);

    expect(made).toBeInstanceOf(Fault);
    expect(made.message).toBe('SLUICE-PLAN-2: stepPercent must be above 0 and at most 100, got 120; use 100 to deploy at once');
    expect(made).toMatchObject({ code: 'SLUICE-PLAN-2', remedy: 'use 100 to deploy at once', name: 'SluiceFault', cause });
  });

  test('takes values literally, whatever they look like', () => {
    expect(fault(PLANNING, 'SLUICE-PLANE-1', { kind: '{name}', name: '$& {kind}' }).message).toContain('AppConfig has no {name} named $& {kind};');
  });

  test('shows long values cut and strange ones by their type', () => {
    expect(shown('x'.repeat(100))).toHaveLength(80);
    expect(shown(undefined)).toBe('nothing');
    expect(shown(() => 1)).toBe('function');
    expect(shown({ a: [1] })).toBe('{"a":[1]}');
  });
});
