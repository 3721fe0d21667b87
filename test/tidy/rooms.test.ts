import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imports, type Import } from './imports.ts';
import { ROOMS, type Room } from './rooms.ts';
import { sources } from './tree.ts';

describe('who may import whom', () => {
  it('is kept by every file of lib, lambda, bin and engine/lib', () => {
    const offences = sources().flatMap((file) => judge(file.path, imports(file.text)));

    expect(offences, offences.join('\n')).toEqual([]);
  });

  it('refuses what the table does not name', () => {
    const lines = [
      "import { readFileSync } from 'node:fs';",
      "export * from '../adapters/index.ts';",
      "const yaml = await import('yaml');",
      "const http = process.getBuiltinModule('node:http');",
      'const any = await import(name);',
      "// import 'comment';",
      'const text = `import "${`template`}"`;',
    ].join('\n');

    expect(judge('lib/core/plan.ts', imports(lines)).map((offence) => offence.split(': ')[0])).toEqual([
      'lib/core/plan.ts:1', 'lib/core/plan.ts:2', 'lib/core/plan.ts:3', 'lib/core/plan.ts:4', 'lib/core/plan.ts:5',
    ]);
  });

  it('lets the runtime reach http only when it is asked for', () => {
    expect(judge('lib/runtime/agent.ts', imports("import { get } from 'node:http';"))).toHaveLength(1);
    expect(judge('lib/runtime/agent.ts', imports("import type { Agent } from 'node:http';"))).toEqual([]);
    expect(judge('lib/runtime/agent.ts', imports("const http = process.getBuiltinModule('node:http');"))).toEqual([]);
  });

  it('refuses a file that stands in no room', () => {
    expect(judge('lib/misc/thing.ts', [])).toHaveLength(1);
  });
});

function judge(path: string, found: Import[]): string[] {
  const room = ROOMS.find((candidate) => path.startsWith(candidate.path));
  if (room === undefined) return [`${path}:1: stands in no room; move it, or add the room to test/tidy/rooms.ts and ARCHITECTURE.md`];
  return found.flatMap((one) => {
    const refused = reason(room, path, one);
    return refused === undefined ? [] : [`${path}:${one.line}: ${refused} (test/tidy/rooms.ts says what ${room.name} may import)`];
  });
}

function reason(room: Room, path: string, { kind, specifier, typeOnly }: Import): string | undefined {
  if (specifier === undefined) return room.computed === true ? undefined : 'imports a computed name, so nobody can check it; write the name as a string';
  if (specifier.startsWith('.')) return inside(room, posix.join(posix.dirname(path), specifier));
  if (specifier.startsWith('node:')) {
    if (room.builtins !== 'all' && !room.builtins.includes(specifier)) return `${room.name} may not import ${specifier}; give it what it needs as an argument`;
    if (kind === 'static' && !typeOnly && room.neverStatic?.includes(specifier) === true) {
      return `a static import of ${specifier} slows every cold start; use process.getBuiltinModule('${specifier}') where it is needed`;
    }
    return undefined;
  }
  const named = room.packages.some((name) => (name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name || specifier.startsWith(`${name}/`)));
  return named ? undefined : `${room.name} may not import the package ${specifier}`;
}

function inside(room: Room, target: string): string | undefined {
  const own = target.startsWith(room.path);
  if (own || room.rooms.some((allowed) => target.startsWith(allowed))) return undefined;
  return `${room.name} may not import ${target}`;
}
