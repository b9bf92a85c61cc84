import { withoutSgr, hasSgr } from '../../support/sgr.ts';
import { mask, maskText } from './redact.ts';

const keyBegins = /-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----/;
const keyEnds = /-----END [A-Z ]{0,32}PRIVATE KEY-----/;
/** Lines of a private key that has no end: what follows is something else. */
const mostKeyLines = 200;

/** Masks the lines of one log, in their order: a private key goes over several of them. */
export function lineMasker(): (line: string) => string {
  let keyLines = 0;
  return (line) => {
    if (keyLines > 0) {
      keyLines = keyEnds.test(line) || keyLines > mostKeyLines ? 0 : keyLines + 1;
      return mask;
    }
    if (keyBegins.test(line) && !keyEnds.test(line)) keyLines = 1;
    const masked = maskText(line);
    if (!hasSgr(line)) return masked;
    // A colour may part a secret from its name.
    const plain = withoutSgr(line);
    const maskedPlain = maskText(plain);
    return maskedPlain === plain ? masked : maskedPlain;
  };
}
