/** A position in a text, as the small parsers of this folder share it. */
export class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  peek(): string {
    return this.text.charAt(this.at);
  }

  /** Takes a literal when it comes next. */
  take(literal: string): boolean {
    if (!this.text.startsWith(literal, this.at)) return false;
    this.at += literal.length;
    return true;
  }

  /** Takes what a sticky expression matches next. */
  match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.at;
    const matched = sticky.exec(this.text)?.[0];
    if (matched) this.at += matched.length;
    return matched === '' ? undefined : matched;
  }

  /** Skips white space. */
  space(): void {
    this.match(/\s+/y);
  }

  /** Takes a quoted string, in either kind of quotes, with backslash escapes as they are in `'it\'s'`. */
  quoted(): string | undefined {
    const quote = this.peek();
    if (quote !== '\'' && quote !== '"') return undefined;
    let content = '';
    for (let at = this.at + 1; at < this.text.length; at += 1) {
      const character = this.text.charAt(at);
      if (character === quote) {
        this.at = at + 1;
        return content;
      }
      if (character === '\\' && at + 1 < this.text.length) at += 1;
      content += this.text.charAt(at);
    }
    return undefined;
  }
}
