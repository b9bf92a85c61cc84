import type { AccessQuestion } from '../../kubernetes/model/types.ts';
import type { Session } from '../../session/types.ts';
import type { ArgumentSpec, Command, CommandContext, Confirmation, Danger, Given, OptionSpec, ReadContext } from './types.ts';

/** An argument whose value is a `T`. Its name is its key in `args`. */
export interface Argument<T> extends Omit<ArgumentSpec, 'name' | 'read'> {
  readonly read: (words: readonly string[], from: ReadContext) => T;
}

/** An option whose value is a `T`. Its name is its key in `options`, which is also its long form by default. */
export interface CommandOption<T> extends Omit<OptionSpec, 'name' | 'long' | 'read'> {
  /** `false`: there is only the short form. */
  readonly long?: string | false;
  readonly read: (words: readonly string[], from: ReadContext) => T;
}

type Read<T> = { readonly [K in keyof T]: T[K] extends { readonly read: (...args: never[]) => infer R } ? R : never };

/** The values that `run` of a command with these arguments and options gets. */
type GivenBy<A, O> = Read<A> & Read<O>;

interface Definition<A, O>
  extends
    Pick<Command, 'name' | 'summary' | 'group' | 'danger'>,
    Partial<Pick<Command, 'aliases' | 'details' | 'examples' | 'ends' | 'source' | 'shell'>> {
  readonly args?: A;
  readonly options?: O;
  /** Of nothing: the danger of its most harmless form. */
  readonly dangerOf?: (given: Partial<GivenBy<A, O>>) => Danger;
  readonly access?: (session: Session, given: GivenBy<A, O>) => readonly AccessQuestion[];
  /** Default: always. */
  readonly available?: (session: Session) => true | string;
  readonly confirmation?: (
    session: Session,
    given: GivenBy<A, O>,
    context: CommandContext,
  ) => Promise<Confirmation | undefined> | Confirmation | undefined;
  readonly run: (context: CommandContext, given: GivenBy<A, O>) => Promise<void> | void;
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** A command of the catalogue; its values have the types that its arguments and options read. */
export function command<
  const A extends Readonly<Record<string, Argument<unknown>>> = Record<never, never>,
  const O extends Readonly<Record<string, CommandOption<unknown>>> = Record<never, never>,
>(definition: Definition<A, O>): Command {
  const { args, options, dangerOf, access, available, confirmation, run, ...facts } = definition;
  // The only place where the types are erased: `readWords` fills each name with the result of its own `read`.
  const typed = (given: Given): GivenBy<A, O> => given as GivenBy<A, O>;
  return {
    aliases: [],
    examples: [],
    ends: false,
    ...facts,
    args: Object.entries(args ?? {}).map(([name, spec]) => ({ ...spec, name })),
    options: Object.entries(options ?? {}).map(([name, { long, ...spec }]) => ({
      ...spec,
      name,
      long: long === false ? undefined : (long ?? kebab(name)),
    })),
    dangerOf: (given) => dangerOf?.(typed(given)) ?? definition.danger,
    ...(access === undefined ? {} : { access: (session: Session, given: Given) => access(session, typed(given)) }),
    available: available ?? (() => true),
    ...(confirmation === undefined
      ? {}
      : { confirmation: (session: Session, given: Given, context: CommandContext) => confirmation(session, typed(given), context) }),
    run: async (context, given) => run(context, typed(given)),
  };
}
