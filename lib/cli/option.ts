/** What every option of a command has. */
interface Named {
  /** As it is written, without the dashes. */
  readonly name: string;
  /** One line of help. */
  readonly summary: string;
}

/** An option of a command. Every one but a flag takes a value, shown in help by its `value`. */
export type Option =
  | (Named & { readonly type: 'flag' })
  /** With `bare`, the option may stand without its value, which then follows `=` alone. */
  | (Named & { readonly type: 'text'; readonly value: string; readonly default?: string; readonly bare?: true })
  | (Named & { readonly type: 'choice'; readonly value: string; readonly choices: readonly string[]; readonly default: string })
  /** A number within bounds. */
  | (Named & { readonly type: 'number'; readonly value: string; readonly least: number; readonly most: number; readonly default: string })
  /** A TCP port, 0 for any free one; with `off`, also that word. */
  | (Named & { readonly type: 'port'; readonly value: string; readonly off?: true; readonly default: string });

/** Whether an option may stand alone. */
export function standsAlone(option: Option): boolean {
  return option.type === 'flag' || (option.type === 'text' && option.bare === true);
}

/** What is wrong with the value of an option: what it must be. Nothing when it is right. */
export function objection(option: Option, text: string): string | undefined {
  switch (option.type) {
    case 'flag':
    case 'text':
      return undefined;
    case 'choice':
      return option.choices.includes(text) ? undefined : option.choices.join(' or ');
    case 'number': {
      const number = Number(text);
      return text.trim() !== '' && number >= option.least && number <= option.most ? undefined : `a number from ${option.least} to ${option.most}`;
    }
    case 'port': {
      if (option.off === true && text === 'off') return undefined;
      const right = /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
      return right ? undefined : `a port from 0 to 65535${option.off === true ? ', or off' : ''}`;
    }
  }
}

/** What a user gave to a command, with the defaults of its options. */
export class Given {
  readonly positionals: readonly string[];
  readonly #values: ReadonlyMap<string, string | boolean>;

  constructor(positionals: readonly string[], values: ReadonlyMap<string, string | boolean>) {
    this.positionals = positionals;
    this.#values = values;
  }

  /** Whether a flag was given, or an option without the value that it may have. */
  flag(name: string): boolean {
    return this.#values.get(name) === true;
  }

  /** The value of an option, or nothing when it was not given and has no default. */
  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  /** The value of an option that has a default. */
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new Error(`the option ${name} has no default`);
    return value;
  }
}
