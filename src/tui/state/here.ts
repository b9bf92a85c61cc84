import type { Here } from '../../commands/model/types.ts';
import { isInner, type InnerPlace } from './places.ts';
import type { IncidentPlace } from './places/incident.ts';
import { standingIn } from './trail.ts';
import type { Frame } from './ui.ts';

type At = Pick<Frame, 'ui'>;

/** What is meant by words that a command leaves out: the subject of the place, or what is selected in it. */
export function hereIn({ ui }: At): Here {
  const place = standingIn(ui.trail);
  const { jobs, pods } = ui.lists;
  if (!isInner(place) || place.kind === 'templates') return { job: jobs.selected, pod: pods.selected, subject: jobs.selected };
  if (place.kind === 'incident') return hereInCard(place.about, { job: jobs.selected, pod: pods.selected });
  if ('process' in place) {
    const pod = place.process.kind === 'jobmanager' ? 'jm' : place.process.id;
    return { pod, subject: pod };
  }
  return { job: place.job, subject: place.job, vertex: vertexIn(place, ui), subtask: subtaskIn(place, ui) };
}

/** A card of one thing is about that; a card of everything about what is selected at home. */
function hereInCard(about: IncidentPlace['about'], { job, pod }: Pick<Here, 'job' | 'pod'>): Here {
  if (about?.kind === 'pod') return { job, pod: about.name, subject: about.name };
  return about === undefined ? { job, pod, subject: job } : { job: about.id, pod, subject: about.id };
}

type PlaceOfJob = Extract<InnerPlace, { readonly job: string }>;

function vertexIn(place: PlaceOfJob, { lists }: At['ui']): string | undefined {
  if (place.kind === 'job') return lists.vertices.selected;
  if (place.kind === 'top') return lists.top.selected;
  return 'vertex' in place ? place.vertex : undefined;
}

function subtaskIn(place: PlaceOfJob, { lists }: At['ui']): string | undefined {
  if (place.kind === 'vertex') return lists.subtasks.selected;
  return 'subtask' in place ? place.subtask?.toString() : undefined;
}
