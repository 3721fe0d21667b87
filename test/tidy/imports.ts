import { tokens, type Token } from './lexer.ts';

/** One dependency a file names, however it names it. */
export interface Import {
  /** `static` covers imports and re-exports, `builtin` is process.getBuiltinModule. */
  kind: 'static' | 'dynamic' | 'require' | 'builtin';
  /** The module asked for; undefined when it is computed. */
  specifier: string | undefined;
  /** True when nothing of it is left after the types are erased. */
  typeOnly: boolean;
  line: number;
}

/** Every import, re-export, dynamic import, require and getBuiltinModule of a TypeScript source. */
export function imports(source: string): Import[] {
  const code = tokens(source).filter((token) => token.kind !== 'comment');
  const found: Import[] = [];
  code.forEach((token, index) => {
    if (token.kind !== 'word' || code[index - 1]?.text === '.') {
      if (token.text === 'getBuiltinModule' && is(code[index + 1], '(')) found.push(call('builtin', code, index));
      return;
    }
    if (token.text === 'require' && is(code[index + 1], '(')) found.push(call('require', code, index));
    if (token.text === 'import' && is(code[index + 1], '(')) found.push(call('dynamic', code, index));
    else if (token.text === 'import' || token.text === 'export') {
      const declared = declaration(code, index);
      if (declared !== undefined) found.push(declared);
    }
  });
  return found;
}

function call(kind: Import['kind'], code: Token[], index: number): Import {
  const argument = code[index + 2];
  const specifier = argument?.kind === 'string' ? argument.text : undefined;
  return { kind, specifier, typeOnly: false, line: code[index]?.line ?? 0 };
}

/** `import … from 'x'`, `import 'x'`, `export { … } from 'x'`, `export * from 'x'`; other exports name no module. */
function declaration(code: Token[], index: number): Import | undefined {
  const keyword = code[index];
  const typeOnly = code[index + 1]?.text === 'type' && !is(code[index + 2], ',') && code[index + 2]?.text !== 'from';
  if (keyword === undefined) return undefined;
  const line = keyword.line;
  if (keyword.text === 'import' && code[index + 1]?.kind === 'string') {
    return { kind: 'static', specifier: code[index + 1]?.text, typeOnly: false, line };
  }
  const first = code[index + (typeOnly ? 2 : 1)];
  if (keyword.text === 'export' && !is(first, '{') && !is(first, '*')) return undefined;
  for (let at = index + 1; at < code.length; at += 1) {
    const token = code[at];
    if (token === undefined || is(token, ';') || is(token, '(') || is(token, '=')) return undefined;
    if (token.text === 'from' && code[at + 1]?.kind === 'string') {
      return { kind: 'static', specifier: code[at + 1]?.text, typeOnly, line };
    }
    if (is(token, '}') && keyword.text === 'export' && code[at + 1]?.text !== 'from') return undefined;
  }
  return undefined;
}

function is(token: Token | undefined, mark: string): boolean {
  return token?.kind === 'mark' && token.text === mark;
}
