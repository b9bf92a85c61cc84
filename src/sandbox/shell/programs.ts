import type { Program } from './program.ts';
import { copying } from './programs/copying.ts';
import { listing } from './programs/listing.ts';
import { surroundings } from './programs/surroundings.ts';
import { text } from './programs/text.ts';

/** The programs that a container has, by their names. */
export const programs: ReadonlyMap<string, Program> = new Map([...copying, ...listing, ...surroundings, ...text]);
