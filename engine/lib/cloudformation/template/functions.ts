import { invalid } from '../refusal.ts';

/** Zones of a region as the engine has them: three, named as everywhere. */
export function zonesOf(region: string): string[] {
  return ['a', 'b', 'c'].map((letter) => `${region}${letter}`);
}

/** Fn::Cidr: `count` blocks of `bits` host bits out of an IPv4 block, in order. */
export function cidr(block: unknown, count: unknown, bits: unknown): string[] {
  const found = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(String(block));
  const [number, hostBits] = [Number(count), Number(bits ?? 8)];
  const octets = found?.slice(1, 5).map(Number) ?? [];
  const prefix = Number(found?.[5]);
  if (!found || octets.some((octet) => octet > 255) || prefix > 32) throw invalid(`Template error: Fn::Cidr needs an IPv4 block such as 10.0.0.0/16, got ${JSON.stringify(block)}`);
  if (!Number.isInteger(number) || number < 1 || number > 256) throw invalid(`Template error: Fn::Cidr makes 1 to 256 blocks, got ${JSON.stringify(count)}`);
  const size = 2 ** hostBits;
  const start = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const first = start - (start % 2 ** (32 - prefix));
  if (!Number.isInteger(hostBits) || hostBits < 0 || number * size > 2 ** (32 - prefix)) throw invalid(`Template error: Fn::Cidr cannot take ${number} blocks of ${hostBits} bits out of ${String(block)}`);
  return Array.from({ length: number }, (_, index) => `${address(first + index * size)}/${32 - hostBits}`);
}

function address(value: number): string {
  return [2 ** 24, 2 ** 16, 2 ** 8, 1].map((weight) => Math.floor(value / weight) % 256).join('.');
}

/** A scalar as CloudFormation writes it into a text; undefined for lists, objects and null. */
export function scalarText(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

const TEXT_AT_MOST = 1_048_576;

/** A text that functions made, unless it has grown beyond a template's own limit: nested functions double it at each level. */
export function bounded(text: string): string {
  if (text.length > TEXT_AT_MOST) throw invalid(`Template error: a value has more than ${TEXT_AT_MOST} characters`);
  return text;
}

/** Fn::Join of evaluated parts. */
export function join(delimiter: unknown, items: unknown): string {
  if (typeof delimiter !== 'string' || !Array.isArray(items)) throw invalid('Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.');
  return bounded(items.map((item) => {
    const text = scalarText(item);
    if (text === undefined) throw invalid(`Template error: every value of Fn::Join must be a string, got ${JSON.stringify(item)}`);
    return text;
  }).join(delimiter));
}

/** Fn::Select of evaluated parts. */
export function select(index: unknown, items: unknown): unknown {
  const at = Number(index);
  if (!Array.isArray(items) || index === '' || !Number.isInteger(at)) throw invalid('Template error: Fn::Select requires a list argument with two elements: an integer index and a list');
  if (at < 0 || at >= items.length) throw invalid(`Template error: Fn::Select cannot select nonexistent value at index ${at}`);
  if (items[at] === null || items[at] === undefined) throw invalid('Template error: Fn::Select requires that the list has no null values');
  return items[at];
}

/** Fn::Split of evaluated parts. */
export function split(delimiter: unknown, text: unknown): string[] {
  if (typeof delimiter !== 'string' || delimiter === '' || typeof text !== 'string') throw invalid('Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.');
  return text.split(delimiter);
}
