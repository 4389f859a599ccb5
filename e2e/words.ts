import { readFileSync } from 'node:fs';

// Tests name what stands on a page by its English sentence, like the pages do, and read the Italian from the
// same table: a better translation breaks no test, a missing one does.
const table = readFileSync(new URL('../templates/words/it.go', import.meta.url), 'utf8');
const literal = /"(?:[^"\\]|\\.)*"/.source;
const italian = new Map<string, string>();
for (const [, english, translated] of table.matchAll(new RegExp(`^\\s*(${literal}):\\s*(${literal})`, 'gm'))) {
  italian.set(JSON.parse(english), JSON.parse(translated));
}

export type Lang = 'it' | 'en';

/** Says an English sentence of the product in a language; %s and %d are filled in order. */
export function words(lang: Lang) {
  return (sentence: string, ...args: (string | number)[]) => {
    const found = lang === 'en' ? sentence.replace(/^[a-z]+\|/, '') : italian.get(sentence);
    if (found === undefined) throw new Error(`no Italian for: ${sentence}`);
    return args.reduce<string>((text, arg) => text.replace(/%[sd]/, String(arg)), found);
  };
}
