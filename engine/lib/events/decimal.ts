/**
 * The number a JSON number's text means, if a double holds it exactly as written; else undefined. The rule is event-ruler's
 * ComparableNumber: 9007199254740993 and 1e309 cannot be compared, 1e100 can.
 */
export function comparable(text: string): number | undefined {
  const written = canonical(text);
  if (written === undefined) return undefined;
  const value = Number(text);
  return Number.isFinite(value) && canonical(String(value)) === written ? value + 0 : undefined;
}

/** Sign, digits and exponent of a decimal number, without needless zeros; undefined for other text. */
function canonical(text: string): string | undefined {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!parts) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  return `${sign}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}
