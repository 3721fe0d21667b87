import { isObject } from '../core/epoch.ts';
import type { Path } from './source.ts';

/** A value that looks like a secret: where it is, and what it looks like. */
export interface Suspicion {
  readonly path: Path;
  /** As the end of a sentence: `an AWS access key`. */
  readonly what: string;
}

/** Where a secret may be kept instead: a reference says where, and holds nothing itself. */
const REFERENCE = /^(?:secretsmanager:[\w/+=.@:#-]+|ssm:[\w/.:-]+|arn:aws[\w-]*:(?:secretsmanager|ssm):\S+|\{\{resolve:(?:secretsmanager|ssm|ssm-secure):[^{}]+\}\})$/;

/** Shapes that only secrets have, whatever their key is called. */
const SHAPES: readonly (readonly [what: string, shape: RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/],
  ['an AWS access key', /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])/],
  ['a JSON web token', /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/],
  ['a GitHub token', /(?<!\w)(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{40})/],
  ['a GitLab token', /(?<!\w)gl(?:pat|ptt|dt|rt|cbt)-[\w-]{20}/],
  ['a Slack token', /(?<!\w)xox[abeoprs]-[\w-]{10}|hooks\.slack\.com\/services\/T\w+\/B\w+\/\w+/],
  ['a Stripe key', /(?<!\w)[rs]k_(?:live|test)_[A-Za-z0-9]{16}/],
  ['a Google API key', /(?<!\w)AIza[\w-]{35}/],
  ['an npm token', /(?<!\w)npm_[A-Za-z0-9]{36}/],
  ['a SendGrid key', /(?<!\w)SG\.[\w-]{16,}\.[\w-]{16,}/],
  ['an API key', /(?<!\w)sk-(?:[a-z]+-)*[A-Za-z0-9]{20}/],
  ['a URL with a password', /[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:(?![<${%])[^\s/@]+@/i],
  ['a connection string with its key', /(?:^|;)\s*(?:password|pwd|AccountKey|SharedAccessKey)\s*=\s*(?![<${%])[^;\s]{4,}/i],
  ['credentials of HTTP', /^(?:bearer|basic)\s+[\w.~+/-]{16,}=*$/i],
];

/** What a text must have in it before it is worth to look at each shape. */
const HINT = /-----BEGIN|A(?:KI|SI|BI|CC)A|eyJ|gh[pousr]_|github_pat_|gl\w{2,3}-|xox|hooks\.slack|[rs]k_|AIza|npm_|SG\.|sk-|:\/\/|=|^b(?:earer|asic)/i;

/** Names of keys whose values are secrets, as their last words. */
const SECRET_KEY = /(?:pass(?:word|wd|phrase)|pwd|secret|secret(?:access)?key|api-?key|access-?key|private-?key|signing-?key|encryption-?key|shared-?key|(?:auth|access|refresh|bearer|session|api|id|bot|deploy|personal-?access)-?token|^token|credentials?|connection-?string)s?$/;

/** Words that such keys hold to say how something is done, not with what. */
const WORD = /^(?:|none|null|true|false|yes|no|on|off|required|optional|enabled|disabled|header|query|cookie|body|bearer|basic|oauth2?|iam|sigv4|default|auto|<[^<>]*>|\$\{[^{}]*\})$/i;

/** Names of keys whose values are random and public. */
const PUBLIC_KEY = /(?:digest|sha(?:1|256|384|512)?|md5|hash|checksum|commit|etag|finger-?print|thumb-?print|revision|version|nonce|public-?key|certificate|cert|integrity|uuid|guid|(?:^|-)id|arn|url|uri)s?$/;

/** Everything in a value that looks like a secret, in the order of members. */
export function suspicions(root: unknown): Suspicion[] {
  const found: Suspicion[] = [];
  const path: (string | number)[] = [];
  const inside = (step: string | number, value: unknown, key: string): void => {
    path.push(step);
    look(value, key);
    path.pop();
  };
  const look = (value: unknown, key: string): void => {
    if (Array.isArray(value)) value.forEach((item, index) => { inside(index, item, key); });
    else if (isObject(value)) for (const name of Object.keys(value)) inside(name, value[name], dashed(name));
    else {
      const what = typeof value === 'string' ? ofText(value, key) : typeof value === 'number' && /(?:password|passwd|pwd)$/.test(key) ? `a secret, by its key` : undefined;
      if (what !== undefined) found.push({ path: [...path], what });
    }
  };
  look(root, '');
  return found;
}

/** Whether a text is a reference to a secret. */
export function isReference(text: string): boolean {
  return REFERENCE.test(text);
}

function ofText(text: string, key: string): string | undefined {
  if (text.length === 0 || isReference(text)) return undefined;
  if (text.length >= 8 && HINT.test(text)) {
    for (const [what, shape] of SHAPES) if (shape.test(text)) return what;
  }
  if (SECRET_KEY.test(key) && !WORD.test(text)) return 'a secret, by its key';
  return !PUBLIC_KEY.test(key) && isRandom(text) ? 'a random key' : undefined;
}

/** `clientSecret`, `client_secret` and `CLIENT-SECRET` are one name: `client-secret`. */
function dashed(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  const made = name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').replace(/[\s_.]+/g, '-').toLowerCase();
  if (names.size < 10_000) names.set(name, made);
  return made;
}

const names = new Map<string, string>();

/** Bits per character above which a text of its alphabet was drawn and not written. Source: the limits of truffleHog 2 and detect-secrets, 3.0 and 4.5, the second lowered for short keys. */
const HEXADECIMAL_BITS = 3;
const BASE64_BITS = 4.2;

/**
 * Whether a text was drawn by a machine: 32 hexadecimal digits or more, or 24 characters of base64 or more in which small letters, capitals
 * and digits alternate as they do not in words.
 */
function isRandom(text: string): boolean {
  if (text.length < 24) return false;
  if (/^[0-9a-f]{32,}$/i.test(text)) return entropy(text) > HEXADECIMAL_BITS;
  if (!/^[\w+/-]{24,}={0,2}$/.test(text) || !/[a-z]/.test(text) || !/[A-Z]/.test(text) || !/\d/.test(text)) return false;
  return entropy(text) > BASE64_BITS && changes(text) >= 0.35 * text.length;
}

/** Shannon's entropy of a text's characters, in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}

/** How often the kind of character changes from one to the next. */
function changes(text: string): number {
  const kinds = Array.from(text, (character) => (/[a-z]/.test(character) ? 'a' : /[A-Z]/.test(character) ? 'A' : /\d/.test(character) ? '0' : '-'));
  return kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
}
