/** Replaces what tells about an account, or changes from run to run, by words in braces; so records can be shown, and compared. */
export class Redaction {
  readonly #words: [text: string, word: string][] = [];

  /** From now on this text is written as `{word}`. */
  hide(text: string | undefined, word: string): void {
    if (text === undefined || text === '' || this.#words.some(([known]) => known === text)) return;
    this.#words.push([text, `{${word}}`]);
    // The longest first: the name of a run is part of longer names.
    this.#words.sort(([one], [other]) => other.length - one.length);
  }

  /** A value without secrets; keys that hold ids and tokens lose their values. */
  of(value: unknown, key = ''): unknown {
    if (typeof value === 'string') return this.#text(value, key);
    if (Array.isArray(value)) return value.map((item) => this.of(item));
    if (value instanceof Date) return '{time}';
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.of(member, name)]));
    return value;
  }

  #text(text: string, key: string): string {
    if (/token$/i.test(key)) return '{token}';
    if (/^(invocation|request|event)Id$/i.test(key)) return '{id}';
    // ARNs first, since they contain names that are replaced on their own elsewhere.
    let shown = text.replace(/arn:aws[\w-]*:([\w-]+):[\w-]*:[^:\s"',]*:([a-zA-Z-]+)(?:[^\s"',;)]*[^\s"',;).])?/g, (_, service: string, kind: string) => `{arn:${service}:${kind}}`);
    for (const [known, word] of this.#words) shown = shown.replaceAll(known, word);
    return shown
      .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '{uuid}')
      .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)/g, '{time}')
      .replace(/(?<![\w{])\d{12}(?![\w}])/g, '{account}')
      .replace(/[A-Za-z0-9+/_-]{200,}={0,2}/g, '{token}');
  }
}
