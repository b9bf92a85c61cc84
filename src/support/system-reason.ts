/** `no space left on device` of `ENOSPC: no space left on device, write` or `…, open '/a/file'`. */
export const systemReason = ({ message }: Error): string => /^[A-Z0-9]+: (.*?), \w+(?: '.*')?$/s.exec(message)?.[1] ?? message;
