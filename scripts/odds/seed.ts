/** A 32-bit seed for one measurement: FNV-1a over its description, so that it does not depend on other measurements. */
export function seedFor(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const character of parts.join(' ')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash | 0;
}
