/** The middle value. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Prints one line of a table. */
export function row(name, first, second, note) {
  console.log(`  ${name.padEnd(20)} ${first.padStart(10)} ${second.padStart(10)}   ${note}`);
}
