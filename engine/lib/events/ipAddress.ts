import { isIP } from 'node:net';

/** An IP address as hexadecimal digits, 8 or 32 of them; undefined for anything else. An IPv4 address mapped into IPv6 is IPv4. */
export function ipDigits(text: string): string | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(text)) {
    const bytes = text.split('.').map(Number);
    return bytes.every((byte) => byte < 256) ? bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('').toUpperCase() : undefined;
  }
  if (!/^[0-9a-fA-F:]+$/.test(text) || isIP(text) !== 6) return undefined;
  const [front = '', back] = text.split('::');
  const head = front === '' ? [] : front.split(':');
  const tail = back === undefined || back === '' ? [] : back.split(':');
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  const digits = [...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join('').toUpperCase();
  return digits.startsWith('0'.repeat(20) + 'FFFF') ? digits.slice(24) : digits;
}

/** A block of addresses, by how its first hexadecimal digits must read. */
export interface Block {
  readonly bottom: string;
  readonly top: string;
}

/** Why a text is no CIDR block, in event-ruler's words. */
export interface BlockFault {
  readonly fault: string;
}

/** Reads `10.0.0.0/8`. */
export function cidrBlock(text: string): Block | BlockFault {
  const [address = '', mask = '', ...more] = text.replace(/\/+$/, '').split('/');
  if (more.length > 0 || mask === '') return { fault: "Malformed CIDR, one '/' required" };
  if (!/^[+-]?\d+$/.test(mask)) return { fault: 'Malformed CIDR, mask bits must be an integer' };
  const bits = Number(mask);
  if (bits < 0) return { fault: 'Malformed CIDR, mask bits must not be negative' };
  const digits = ipDigits(address);
  if (digits === undefined) {
    const plausible = /^\d+\.\d+\.\d+\.\d+$/.test(address) || /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/.test(address);
    return { fault: `${plausible ? 'Invalid' : 'Nonstandard'} IP address: ${address}` };
  }
  if (digits.length === 8 && bits > 31) return { fault: 'IPv4 mask bits must be < 32' };
  if (digits.length === 32 && bits > 127) return { fault: 'IPv6 mask bits must be < 128' };
  const fixed = Math.floor(bits / 4);
  if (bits % 4 === 0) return { bottom: digits.slice(0, fixed), top: digits.slice(0, fixed) };
  const free = (1 << (4 - (bits % 4))) - 1;
  const digit = Number.parseInt(digits[fixed] ?? '0', 16);
  const hex = (value: number): string => value.toString(16).toUpperCase();
  return { bottom: digits.slice(0, fixed) + hex(digit & ~free), top: digits.slice(0, fixed) + hex(digit | free) };
}

/**
 * Whether digits lie in a block. Only the digits the mask fixes are compared, so an IPv4 block also takes IPv6 addresses that
 * begin alike, and a mask of 0 takes every number: as recorded of AWS.
 */
export function inBlock({ bottom, top }: Block, digits: string): boolean {
  if (!/^[0-9A-F]/.test(digits) || digits.length < bottom.length) return false;
  const start = digits.slice(0, bottom.length);
  return start >= bottom && start <= top;
}
