import { inspectionOf } from '../../session/inspections/inspections.ts';
import { knownVertices } from '../../session/selectors/vertices.ts';
import type { Instant } from '../../support/clock.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { pad, width as cells } from '../../support/text-width.ts';
import { words } from '../look/look.ts';
import { subjectsShown } from '../state/subjects.ts';
import { isInner, type InnerPlace } from '../state/places.ts';
import type { IncidentPlace } from '../state/places/incident.ts';
import { podOf } from '../state/places/process.ts';
import type { Frame } from '../state/ui.ts';
import { formatAge, formatCount, formatDuration, formatTime } from '../../support/format.ts';
import { jobFacts } from './job.ts';
import { subtaskIn } from '../../inside/vertex/subtask.ts';
import { taskManagerName } from '../../session/tables/subtasks.ts';
import { subtaskInspected } from '../state/subtask-rows.ts';
import { nearest } from '../state/trail.ts';
import { taskState } from './subtasks.ts';
import type { VertexFacts } from '../../inside/vertex/vertex-facts.ts';
import type { FlinkProcess } from '../../flink/process-types.ts';
import { shortNameOf } from '../state/brief-names.ts';
import { templatesInspected } from '../state/template-rows.ts';
import { flameInspected } from '../state/flame.ts';
import { vertexInspected } from '../state/vertex-rows.ts';

/** What the line says of a place: its name, and the facts on the right. */
interface Whereabouts {
  readonly name: string;
  readonly facts: readonly string[];
}

const describe: {
  readonly [Kind in InnerPlace['kind']]: (place: Extract<InnerPlace, { readonly kind: Kind }>, frame: Frame) => Whereabouts;
} = {
  job: ({ job }, frame) => ({ name: jobName(job, frame), facts: jobFacts(job, frame) }),
  checkpoint({ job, id }, { session, look: { theme } }) {
    const facts = inspectionOf(session, { kind: 'checkpoint', job, id, vertex: undefined })?.facts?.checkpoint;
    return {
      name: `${facts?.kind ?? 'checkpoint'} ${id}`,
      facts:
        facts === undefined
          ? []
          : [
              theme.paint(facts.status === 'FAILED' ? 'error' : undefined, facts.status.toLowerCase().replace('_', ' ')),
              facts.durationMs === undefined ? '' : `took ${formatDuration(facts.durationMs)}`,
              formatTime(facts.triggeredAt),
            ].filter((fact) => fact !== ''),
    };
  },
  exception({ job, id }, { session }) {
    const failure = inspectionOf(session, { kind: 'exception', job, id })?.facts;
    return {
      name: failure === undefined ? 'failure' : oneLine(failure.cause, 80),
      facts: failure === undefined ? [] : [formatTime(failure.at)],
    };
  },
  vertex({ job, vertex }, frame) {
    const facts = vertexInspected(frame, 'vertex')?.facts?.vertex;
    const name = knownVertices(frame.session, job)?.find(({ id }) => id === vertex)?.name;
    return {
      name: name === undefined ? vertex.slice(0, 6) : oneLine(name, 60),
      facts: facts === undefined ? [] : vertexFactsShown(facts),
    };
  },
  subtask({ subtask }, frame) {
    const { ui, session, look } = frame;
    const facts = subtaskInspected(frame)?.facts;
    const own = facts === undefined ? undefined : subtaskIn(facts);
    const below = nearest(ui.trail, 'vertex') !== undefined;
    return {
      name: below || facts === undefined ? `Subtask ${subtask}` : `Subtask ${subtask} of ${oneLine(facts.vertex.name, 60)}`,
      facts:
        own === undefined
          ? []
          : [
              taskState(own.state, look),
              own.taskManagerId === undefined ? 'no TaskManager yet' : taskManagerName(own.taskManagerId, session.target.clusterId),
              ...(own.timesAverage === undefined ? [] : [`skew ${own.timesAverage.toFixed(1)}x`]),
            ],
    };
  },
  top: () => ({ name: 'Top', facts: [] }),
  templates({ pods }, frame) {
    const facts = templatesInspected(frame)?.facts;
    const [only] = pods ?? [];
    const of =
      pods === undefined ? 'all logs' : pods.length === 1 && only !== undefined ? shortNameOf(frame.session, only) : `${pods.length} logs`;
    return {
      name: `Templates of ${of}`,
      facts: facts?.since === undefined ? [] : [`${formatCount(facts.entries)} entries since ${formatTime(facts.since)}`],
    };
  },
  incident: ({ about }, frame) => ({ name: about === undefined ? 'Why' : `Why ${aboutName(about, frame)}`, facts: [] }),
  flame({ job, vertex, subtask }, { session, ui }) {
    const siblings = flameInspected({ session, ui })?.facts?.siblings;
    const known = siblings ?? inspectionOf(session, { kind: 'job', job })?.facts?.vertices.map((each) => each.vertex);
    const name = known?.find(({ id }) => id === vertex)?.name;
    const of = name === undefined ? vertex.slice(0, 6) : oneLine(name, 60);
    return { name: `flame graph of ${of}${subtask === undefined ? '' : `/${subtask}`}`, facts: [] };
  },
  profile: ({ process }, { session }) => ({ name: `profile of ${processName(process, session)}`, facts: [] }),
  'log-file': ({ process, name }, { session }) => ({ name: oneLine(name), facts: [`of ${processName(process, session)}`] }),
  process({ process }, { session, look, now }) {
    const pod = podOf(process, session);
    return {
      name: processName(process, session),
      facts: [
        pod === undefined ? look.theme.paint('warn', 'its pod is gone') : pod.state,
        ...(pod?.createdAt === undefined ? [] : [`up ${formatAge(now - pod.createdAt)}`]),
      ],
    };
  },
};

function jobName(job: string, { session }: Frame): string {
  const name = session.jobs.find(({ id }) => id === job)?.name ?? inspectionOf(session, { kind: 'job', job })?.facts?.job.name;
  return name === undefined ? job : `${oneLine(name)} ${job.slice(0, 6)}`;
}

function processName(process: FlinkProcess, session: Frame['session']): string {
  const pod = podOf(process, session);
  return process.kind === 'jobmanager' ? `JobManager ${pod?.shortName ?? ''}`.trimEnd() : `TaskManager ${pod?.shortName ?? process.id}`;
}
const vertexFactsShown = ({ parallelism, skew, lagMs }: VertexFacts): readonly string[] => [
  `parallelism ${parallelism}`,
  ...(skew === undefined ? [] : [`skew ${Math.round(skew.percent)}%`]),
  ...(lagMs === undefined ? [] : [`${formatAge(lagMs)} behind`]),
];

const aboutName = (about: NonNullable<IncidentPlace['about']>, frame: Frame): string =>
  about.kind === 'job' ? jobName(about.id, frame) : shortNameOf(frame.session, about.name);

/** The table has a function for each kind, which takes places of that kind only. */
const describeOf = (place: InnerPlace, frame: Frame): Whereabouts =>
  (describe[place.kind] as (place: InnerPlace, frame: Frame) => Whereabouts)(place, frame);

/** A place that is looked at is read more often than this. */
const readMs = 60_000;

/** In the past: when the place was read, if somebody looked at it before that moment only. */
function readLongBefore(frame: Frame): Instant | undefined {
  const { session } = frame;
  const { past } = session;
  if (past === undefined) return undefined;
  const readAt = Math.min(...subjectsShown(frame).map((subject) => inspectionOf(session, subject)?.readAt ?? Infinity));
  return readAt < past - readMs ? readAt : undefined;
}

/** ` orders-enrichment 9f13c2 › Enrich     ▶ Running   up 2h`: the places on the way here, and the facts of this one. */
export function drawWhereabouts(frame: Frame, width: number): string {
  const { ui, look } = frame;
  const { theme, glyphs } = look;
  const way = ui.trail.filter(isInner);
  const last = way.at(-1);
  if (last === undefined) return '';
  // A typed command leads to a vertex without a way through its job.
  const [first] = way;
  const job = first !== undefined && first.kind !== 'job' && 'job' in first ? [jobName(first.job, frame)] : [];
  const names = [...job, ...way.map((place) => describeOf(place, frame).name)];
  const left = ` ${names
    .slice(0, -1)
    .map((name) => `${theme.paint('muted', name)} ${words(look, '›')} `)
    .join('')}${theme.paint('accent', names.at(-1) ?? '')}`;
  const read = readLongBefore(frame);
  const facts = [...describeOf(last, frame).facts, ...(read === undefined ? [] : [theme.paint('warn', `read at ${formatTime(read)}`)])];
  const right = facts.join('   ');
  const room = width - cells(right) - 3;
  return room < 20 ? pad(left, width, 'end', glyphs.ellipsis) : `${pad(left, room, 'end', glyphs.ellipsis)}  ${right} `;
}
