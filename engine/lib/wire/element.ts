import { WireFault } from './fault.ts';

/** One element of an XML body. */
export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly inside, with entities resolved. */
  readonly text: string;
}

interface Open {
  readonly tag: string;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const DEEPEST = 100;
const TOKEN = /<!--[^]*?-->|<!\[CDATA\[([^]*?)\]\]>|<\?[^]*?\?>|<\/([^\s<>/]+)\s*>|<([^\s<>/!?"'=]+)((?:\s+[^\s<>/"'=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/**
 * The element at the root of an XML body: elements, attributes, text, CDATA, comments and processing instructions. A document type
 * is refused, since entities of its own are its only use in a request; anything else out of order is refused as S3 refuses it.
 */
export function parseXml(body: Uint8Array): XmlElement {
  const source = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8').replace(/^\ufeff/, '');
  const document: Open = { tag: '', name: '', attributes: new Map(), children: [], text: '' };
  const stack: Open[] = [document];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(source);
    if (!token) throw malformed(`at character ${at}`);
    take(stack, token);
  }
  const [root, another] = document.children;
  if (stack.length > 1) throw malformed(`<${stack.at(-1)?.tag}> is not closed`);
  if (!root || another || document.text.trim() !== '') throw malformed('there must be one element at the root');
  return root;
}

function take(stack: Open[], [, cdata, closing, opening, attributes, empty, text]: RegExpExecArray): void {
  const top = stack.at(-1);
  if (!top) throw new Error('the stack always holds the document');
  if (text !== undefined) {
    top.text += unescapeXml(text);
  } else if (cdata !== undefined) {
    top.text += cdata;
  } else if (opening !== undefined) {
    const child: Open = { tag: opening, name: opening.slice(opening.indexOf(':') + 1), attributes: attributesOf(attributes ?? ''), children: [], text: '' };
    top.children.push(child);
    if (empty === '' && stack.push(child) > DEEPEST) throw malformed(`it is nested deeper than ${DEEPEST} levels`);
  } else if (closing !== undefined) {
    if (closing !== top.tag) throw malformed(`</${closing.slice(0, 40)}> closes <${top.tag.slice(0, 40)}>`);
    stack.pop();
  }
}

function attributesOf(source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of source.matchAll(ATTRIBUTE)) {
    if (attributes.has(name)) throw malformed(`the attribute ${name.slice(0, 40)} is repeated`);
    attributes.set(name, unescapeXml(double ?? single ?? ''));
  }
  return attributes;
}

const NAMED: ReadonlyMap<string, string> = new Map([['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', "'"]]);

/** The five names and the numbers of characters; a document without a type declares no others. */
function unescapeXml(text: string): string {
  return text.replace(/&([^;&]{0,10})(;?)/g, (whole, name: string, end: string) => {
    const digits = /^#(?:x([0-9a-f]+)|([0-9]+))$/i.exec(name);
    const code = digits ? Number.parseInt(digits[1] ?? digits[2] ?? '', digits[1] === undefined ? 10 : 16) : 0;
    const character = code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : NAMED.get(name);
    if (character === undefined || end === '') throw malformed(`unknown entity ${whole}`);
    return character;
  });
}

function malformed(why: string): WireFault {
  return new WireFault({ code: 'MalformedXML', status: 400, message: `The XML you provided was not well-formed or did not validate against our published schema (${why})` });
}
