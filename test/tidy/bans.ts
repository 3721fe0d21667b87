/** A word that must not appear, where it must not, and what to do instead. Patterns are split so as not to find themselves. */
export interface Ban {
  pattern: RegExp;
  /** `text` looks at everything; `code` leaves out comments, strings and templates. */
  looksAt: 'text' | 'code';
  /** Paths it holds for; all when absent. */
  where?: RegExp;
  /** Paths it does not hold for. */
  except?: RegExp;
  remedy: string;
}

const TYPESCRIPT = /\.(ts|mts)$/;
const CLOCKED = /^(lib\/core|lib\/documents)\//;
const ENGINE = /^engine\/lib\/(?!kernel\/|sandbox\/)/;

/** What the project does not write. */
export const BANS: readonly Ban[] = [
  { pattern: /\b(TO[D]O|FIX[M]E|XX[X])\b/, looksAt: 'text', remedy: 'do it now, or open an issue' },
  { pattern: /@ts-(ignor[e]|nochec[k])/, looksAt: 'text', remedy: 'mend the type' },
  { pattern: /(ox|es)lint-disabl[e]/, looksAt: 'text', where: TYPESCRIPT, except: /^test\/tidy\//, remedy: 'mend the code, or change the rule for everybody in .oxlintrc.json' },
  { pattern: /\bas any\b|<any>|:\s*any\b/, looksAt: 'code', where: TYPESCRIPT, remedy: 'take unknown and narrow it' },
  { pattern: /\bcatch\s*(\(\s*\w*\s*\))?\s*\{\s*\}/, looksAt: 'code', where: TYPESCRIPT, remedy: 'handle the error, or say in a return value that it was expected' },
  { pattern: /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\s*\)/, looksAt: 'code', where: CLOCKED, remedy: 'take time and randomness as arguments' },
  {
    pattern: /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\s*\)|\b(setTimeout|setInterval|setImmediate)\s*\(|\bperformance\.now\b|\brandom(UUID|Bytes)\b/,
    looksAt: 'code', where: ENGINE, remedy: 'ask the kernel: engine code has no clock, timer or randomness of its own',
  },
  { pattern: /\p{Emoji_Presentation}|\u{FE0F}/u, looksAt: 'text', remedy: 'say it in words' },
  { pattern: /(?<![\w.~-])\/(work\/(main|shared|wt|\.)|tmp\/brie[f]|roo[t]\/)/, looksAt: 'text', except: /^test\/tidy\/bans\.ts$/, remedy: 'no path of one machine; use a path from the project' },
  { pattern: /"resolved":\s*"(https?|git|file):/, looksAt: 'text', where: /(^|\/)package-lock\.json$/, remedy: 'no registry host in the lock file; .npmrc sets omit-lockfile-registry-resolved, so run npm install again' },
];

/** Names that say nothing of what is inside. */
export const VAGUE_NAMES = /(^|[-_.])(util|utils|helper|helpers|common|manager|managers|service|services|misc)([-_.]|$)/i;

/** Names of files somebody meant to delete. */
export const LEFT_BEHIND = /(^|[-_.])(tmp|temp|scratch|bak|orig|rej)([-_.]|$)/i;
