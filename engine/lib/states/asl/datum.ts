/** AWS's limit on a state's input, output and a task's result, in bytes of UTF-8. */
export const DATA_LIMIT: number = 256 * 1024;

/**
 * A JSON value with its text; either is made from the other when first asked for. Values are never changed in place, so
 * an input that passes through a state keeps its text, spaces included, as AWS keeps it.
 */
export class Datum {
  static readonly EMPTY: Datum = Datum.ofText('{}');
  #value: unknown;
  #parsed: boolean;
  #text: string | undefined;

  private constructor(value: unknown, parsed: boolean, text: string | undefined) {
    this.#value = value;
    this.#parsed = parsed;
    this.#text = text;
  }

  /** Of a JSON value. */
  static of(value: unknown): Datum {
    return new Datum(value, true, undefined);
  }

  /** Of JSON text, which is parsed only when the value is needed. */
  static ofText(text: string): Datum {
    return new Datum(undefined, false, text);
  }

  get value(): unknown {
    if (!this.#parsed) {
      this.#value = JSON.parse(this.#text!);
      this.#parsed = true;
    }
    return this.#value;
  }

  get text(): string {
    this.#text ??= JSON.stringify(this.#value);
    return this.#text;
  }

  /** Whether the text is longer than AWS carries from state to state. */
  get tooLarge(): boolean {
    return exceedsLimit(this.text);
  }
}

/** Whether a text is longer than DATA_LIMIT bytes of UTF-8. */
export function exceedsLimit(text: string): boolean {
  return text.length * 3 > DATA_LIMIT && Buffer.byteLength(text) > DATA_LIMIT;
}

/** A JSON object, as opposed to an array, null or a scalar. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether two JSON values are equal, whatever the order of keys. */
export function sameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((item, at) => sameJson(item, other[at]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && sameJson(one[key], other[key]));
}
