import { Composer, Lexer, Parser, YAMLParseError, type CST, type Document as YamlDocument, type LineCounter } from './vendored/yaml.ts';
import { DEPTH_LIMIT } from './canonical.ts';

/**
 * Reads YAML 1.2 without merge keys, or says that it is nested too deeply. Tokens are counted first: composing recurses, and
 * V8 ends the process when a regular expression is compiled at the end of the stack.
 */
export function composeYaml(source: string, lines: LineCounter): YamlDocument.Parsed | 'too-deep' {
  const tokens = tokensOf(source, lines);
  if (tokens === undefined || depthOf(tokens) > DEPTH_LIMIT) return 'too-deep';
  const composer = new Composer({ version: '1.2', strict: true, stringKeys: true, prettyErrors: false });
  const [document, another] = composer.compose(tokens, true, source.length);
  if (document === undefined) throw new Error('a forced document is always there');
  if (another !== undefined) {
    document.errors.push(new YAMLParseError([another.range[0], another.range[1]], 'MULTIPLE_DOCS', 'the file contains several documents, an epoch takes one of each name'));
  }
  return document;
}

/** The tokens, read no further than where far more collections are open than any document may have: each is on the parser's stack. */
function tokensOf(source: string, lines: LineCounter): CST.Token[] | undefined {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(source)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > 2 * DEPTH_LIMIT) return undefined;
  }
  return [...tokens, ...parser.end()];
}

/** How deep collections are nested; counted without recursion. */
function depthOf(tokens: readonly CST.Token[]): number {
  let deepest = 0;
  const pending: [CST.Token, number][] = tokens.map((token) => [token, 0]);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [token, depth] = next;
    deepest = Math.max(deepest, depth);
    if (token.type === 'document' && token.value !== undefined) pending.push([token.value, depth]);
    if (!('items' in token)) continue;
    for (const { key, value } of token.items as readonly CST.CollectionItem[]) {
      if (key) pending.push([key, depth + 1]);
      if (value) pending.push([value, depth + 1]);
    }
  }
  return deepest;
}
