/** ln of the sum of exp of the terms, without overflow; -Infinity for none. */
export function lnSum(terms: ArrayLike<number>): number {
  let most = -Infinity;
  for (let index = 0; index < terms.length; index++) most = Math.max(most, terms[index] as number);
  if (most === -Infinity) return most;
  let sum = 0;
  for (let index = 0; index < terms.length; index++) sum += Math.exp((terms[index] as number) - most);
  return most + Math.log(sum);
}

/** ln of the mean of exp of the terms. */
export function lnMean(terms: ArrayLike<number>): number {
  return lnSum(terms) - Math.log(terms.length);
}

/** ln(exp(one) + exp(other)), without overflow. */
export function lnAdd(one: number, other: number): number {
  const [most, least] = one > other ? [one, other] : [other, one];
  return least === -Infinity ? most : most + Math.log1p(Math.exp(least - most));
}
