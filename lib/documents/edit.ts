import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node } from './vendored/yaml.ts';
import { canonical } from './canonical.ts';
import { differences, type Difference, type Segment } from './difference.ts';
import { composeYaml } from './yaml.ts';

/**
 * The text of a YAML or JSON document, edited so that it has another value. Comments, the order of members and the way values are
 * written stay wherever the value stays. Where only scalars change, so does every other byte. Else YAML is written anew with its indentation, and
 * aliases are written out, since an edit of one would be an edit of all.
 */
export function edited(text: string, value: unknown, kind: 'yaml' | 'json' = 'yaml'): string {
  const document = parseDocument(text, { version: '1.2', schema: 'core', toStringDefaults: { lineWidth: 0 } });
  const before: unknown = document.toJS();
  const found = differences(before, value);
  if (found.length === 0) return text;
  const spliced = splice(text, document, found, kind);
  if (spliced !== undefined && reads(spliced, value)) return spliced;
  writeOut(document);
  change(document, document.contents as unknown as Node, found, 0);
  if (kind === 'json') return `${JSON.stringify(document.toJS(), null, /\n([ \t]+)/.exec(text)?.[1] ?? 2)}${text.endsWith('\n') ? '\n' : ''}`;
  const padded = !/[[{][^\s\]}]/.test(text.replaceAll(/#.*$/gm, ''));
  const indent = /^( +)[^\s#]/m.exec(text)?.[1]?.length ?? 2;
  const flush = /^( *)[^\s#-][^\n]*:[ \t]*(#[^\n]*)?\n\1- /m.test(text);
  return document.toString({ lineWidth: 0, flowCollectionPadding: padded, indent, indentSeq: !flush });
}

/** The text with other scalars in the same places; nothing when more than scalars change. */
function splice(text: string, document: Document, found: readonly Difference[], kind: 'yaml' | 'json'): string | undefined {
  const places: { readonly from: number; readonly to: number; readonly now: string }[] = [];
  for (const one of found) {
    const node: unknown = one.kind === 'changed' ? document.getIn(one.path.map((segment) => (typeof segment === 'string' ? segment : segment.index)), true) : undefined;
    const now = one.kind === 'changed' && isScalar(node) ? scalarText(kind === 'json' ? { type: 'QUOTE_DOUBLE' } : node, one.after) : undefined;
    if (!isScalar(node) || !node.range || now === undefined) return undefined;
    places.push({ from: node.range[0], to: node.range[1], now });
  }
  return places.sort((one, other) => other.from - one.from).reduce((edited, { from, to, now }) => edited.slice(0, from) + now + edited.slice(to), text);
}

/** A scalar as the one it replaces is written; nothing for text over several lines, and where nothing stood. */
function scalarText({ type, source }: { readonly type?: unknown; readonly source?: string }, value: unknown): string | undefined {
  if ((typeof value === 'object' && value !== null) || (typeof value === 'string' && value.includes('\n'))) return undefined;
  if (type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL' || (type === 'PLAIN' && source === '')) return undefined;
  if (typeof value !== 'string') return JSON.stringify(value);
  if (type === 'QUOTE_SINGLE') return `'${value.replaceAll('\'', '\'\'')}'`;
  return type === 'PLAIN' && /^[A-Za-z_][\w./-]*$/.test(value) && !/^(true|false|null)$/i.test(value) ? value : JSON.stringify(value);
}

/** Whether a text has a value: an anchor's other value may be that of its aliases, too. */
function reads(text: string, value: unknown): boolean {
  const document = composeYaml(text, new LineCounter());
  return document !== 'too-deep' && document.errors.length === 0 && canonical(document.toJS({ maxAliasCount: 100 })) === canonical(value);
}

function writeOut(document: Document): void {
  visit(document, {
    Alias: (_, alias) => {
      const source = alias.resolve(document);
      const copy = source?.clone() as Node & { anchor?: string } | undefined;
      if (copy === undefined) return undefined;
      delete copy.anchor;
      return copy;
    },
  });
}

function change(document: Document, node: Node, found: readonly Difference[], depth: number): void {
  const whole = found.find((one) => one.path.length === depth && one.kind === 'changed');
  if (whole?.kind === 'changed' && depth === 0) {
    document.contents = document.createNode(whole.after) as never;
    return;
  }
  if (isMap(node)) changeMap(document, node, found, depth);
  else if (isSeq(node)) changeList(document, node, found, depth);
}

type Holder = { get: (key: unknown, keepScalar: true) => Node | undefined; set: (key: unknown, value: unknown) => void; delete: (key: unknown) => boolean };

function changeMap(document: Document, map: Holder, found: readonly Difference[], depth: number): void {
  for (const name of new Set(found.map(({ path }) => path[depth] as string))) {
    const inside = found.filter(({ path }) => path[depth] === name);
    const own = inside.find(({ path }) => path.length === depth + 1);
    if (own?.kind === 'removed') map.delete(name);
    else if (own?.kind === 'added') map.set(name, document.createNode(own.after));
    else if (own?.kind === 'changed') replace(document, map, name, own.after);
    else change(document, map.get(name, true) as Node, inside, depth + 1);
  }
}

function changeList(document: Document, list: Holder & { items: unknown[]; commentBefore?: string | null; flow?: boolean }, found: readonly Difference[], depth: number): void {
  const indexOf = (one: Difference): number => (one.path[depth] as Exclude<Segment, string>).index;
  const last = (one: Difference): boolean => one.path.length === depth + 1;
  const old = [...list.items];
  // The library gives a list the comment above its first element; it goes where the element goes.
  const [first] = old as ({ commentBefore?: string | null } | undefined)[];
  if (list.commentBefore && list.flow !== true && first !== undefined && !first.commentBefore) {
    first.commentBefore = list.commentBefore;
    list.commentBefore = null;
  }
  for (const index of new Set(found.filter((one) => !(last(one) && one.kind === 'added')).map(indexOf))) {
    const inside = found.filter((one) => indexOf(one) === index && !(last(one) && (one.kind === 'added' || one.kind === 'moved')));
    const own = inside.find(last);
    if (own?.kind === 'changed') {
      replace(document, list, index, own.after);
      old[index] = list.items[index];
    } else if (own?.kind !== 'removed' && inside.length > 0) change(document, old[index] as Node, inside, depth + 1);
  }
  const gone = new Set(found.filter((one) => last(one) && (one.kind === 'removed' || one.kind === 'moved')).map(indexOf));
  const next = old.filter((_, index) => !gone.has(index));
  const placed = found.filter(last).flatMap((one): [number, unknown][] => (one.kind === 'added' ? [[indexOf(one), document.createNode(one.after)]] : one.kind === 'moved' ? [[one.to, old[indexOf(one)]]] : []));
  for (const [to, item] of placed.sort(([one], [other]) => one - other)) next.splice(to, 0, item);
  list.items.splice(0, list.items.length, ...next);
}

/** Another value in the same place: the comment beside it stays, and so do quotes around text. */
function replace(document: Document, holder: Holder, key: unknown, value: unknown): void {
  const before = holder.get(key, true) as { comment?: string | null; commentBefore?: string | null; type?: string } | undefined;
  const after = document.createNode(value) as { comment?: string | null; commentBefore?: string | null; type?: string };
  if (before?.comment) after.comment = before.comment;
  if (before?.commentBefore) after.commentBefore = before.commentBefore;
  if (typeof value === 'string' && before?.type?.startsWith('QUOTE')) after.type = before.type;
  holder.set(key, after);
}
