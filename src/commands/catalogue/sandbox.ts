import { arg, optional } from '../model/arguments.ts';
import { command, type Argument } from '../model/command.ts';
import { Problem } from '../../support/problem.ts';
import { commandHelp } from '../line/help-text.ts';
import { shellWord } from '../../support/shell-word.ts';
import type { SandboxAction, SandboxAnswer, SandboxArgument, SandboxControl, SandboxValues } from '../model/sandbox-control.ts';
import { similar } from '../model/similar.ts';
import type { Command } from '../model/types.ts';

/** `sandbox oom`, `sandbox outage 20s`, …: the actions of the attached sandbox. */
export function sandboxCommand(sandbox: Pick<SandboxControl, 'actions' | 'perform' | 'kubeconfig'>): Command {
  const group: Command = {
    ...command({
      name: 'sandbox',
      summary: 'Let something happen to the sandbox: failures, outages, slow answers',
      details:
        'Nothing else is touched. What has a duration ends by itself; sandbox heal ends all of it. Each is a command line of its own as well: with the KUBECONFIG of a sandbox, drey sandbox oom reaches it from any shell.',
      group: 'sandbox',
      examples: ['sandbox oom', 'sandbox fail orders-enrichment', 'sandbox outage 20s', 'sandbox heal'],
      args: { action: optional(actionName(sandbox.actions)) },
      danger: 'safe',
      run: ({ front }) => front.show({ kind: 'help', command: 'sandbox', text: [...commandHelp(group), ...fromElsewhere(sandbox)] }),
    }),
    subcommands: sandbox.actions.map((action) => actionCommand(action, sandbox)),
  };
  return group;
}

/** How to reach a sandbox from another program, if its kubeconfig is not known there. */
const fromElsewhere = ({ kubeconfig }: Pick<SandboxControl, 'kubeconfig'>): readonly string[] =>
  kubeconfig === undefined
    ? []
    : ['', 'From another shell, also with kubectl:', `  KUBECONFIG=${shellWord(kubeconfig)} drey sandbox ACTION`];

/** Read only if no action has this name: actions are separate commands. */
function actionName(actions: readonly SandboxAction[]): Argument<never> {
  return {
    ...arg.text('What should happen'),
    read: ([word = '']) => {
      const near = similar(
        word,
        actions.map(({ name }) => ({ word: name, risky: false })),
      );
      throw new Problem('usage', `The sandbox cannot do "${word}".`, {
        hint: near === undefined ? 'help sandbox lists what it can.' : `The nearest is ${near}; help sandbox lists what it can.`,
      });
    },
  };
}

function actionCommand(action: SandboxAction, { perform }: Pick<SandboxControl, 'perform'>): Command {
  return command({
    name: `sandbox ${action.name}`,
    summary: action.summary,
    group: 'sandbox',
    args: Object.fromEntries(action.args.map((spec) => [spec.name, argumentOf(spec)])),
    danger: 'change',
    async run({ front, refresh }, given: SandboxValues) {
      front.print(told(action, await perform(action.name, given)), 'good');
      refresh();
    },
  });
}

function told({ name, done }: SandboxAction, answer: SandboxAnswer): readonly string[] {
  if (done !== undefined) return [done(answer)];
  const fields = Object.entries(answer);
  return fields.length === 0 ? [`sandbox ${name}: done.`] : fields.map(([field, value]) => `${field}: ${shown(value)}`);
}

/** Formats objects as lists of their fields. */
const shown = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(shown).join(', ');
  return typeof value === 'object' && value !== null ? Object.values(value).map(shown).join(' ') : String(value);
};

function argumentOf(spec: SandboxArgument): Argument<string | number | undefined> {
  const read = reader(spec);
  return spec.optional ? optional(read) : read;
}

function reader({ kind, summary, choices = [] }: SandboxArgument): Argument<string | number> {
  switch (kind) {
    case 'job': {
      const job = arg.job(summary);
      return { ...job, read: (words, from) => job.read(words, from).id };
    }
    case 'pod': {
      const pod = arg.pod(summary);
      return { ...pod, read: (words, from) => pod.read(words, from).name };
    }
    case 'duration':
      return arg.duration(summary);
    case 'number':
      return arg.number(summary);
    case 'choice':
      return arg.choice(choices, summary);
    case 'text':
      return arg.text(summary);
  }
}
