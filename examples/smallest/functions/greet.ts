import { at, pinOf } from 'sluice/runtime';

interface Words {
  readonly hello: string;
}

/** Greets with the words of the epoch its execution is pinned to. */
export async function handler(event: { readonly name: string }): Promise<string> {
  const { hello } = (await at(pinOf(event))).document<Words>('words');
  return `${hello}, ${event.name}`;
}
