/** The title of an HTML page, on one line; empty for a page without a title, undefined if the text is not a page. */
export function pageTitle(text: string): string | undefined {
  if (!/^\s*(?:\ufeff)?(?:<!--|<!doctype html|<html|<head|<body|<title)/i.test(text)) return undefined;
  const [, title = ''] = /<title[^>]*>([^<]{0,400})/i.exec(text.slice(0, 64 * 1024)) ?? [];
  const plain = title
    .replaceAll(/&(?:nbsp|#160);/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll(/&(?:quot|#34);/g, '"')
    .replaceAll(/&(?:#39|apos);/g, "'");
  return plain
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 120);
}

/** `a page ("Sign in")`, to be used in a sentence. */
export const pageWords = (title: string): string => (title === '' ? 'a page' : `a page ("${title}")`);
