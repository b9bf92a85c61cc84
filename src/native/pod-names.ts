import { oneLine } from '../support/foreign-text.ts';
import type { PodRole } from './pod.ts';

/** For a pod of which only the name is known. */
export const roleOfName = (name: string, clusterId: string): PodRole =>
  name.startsWith(`${clusterId}-taskmanager-`) ? 'taskmanager' : 'jobmanager';

/** `taskmanager-1-3`, `jobmanager-x2b7k`: the name without the part that all pods of the cluster share. */
export function shortNameOf(name: string, role: PodRole, clusterId: string): string {
  if (!name.startsWith(`${clusterId}-`)) return oneLine(name);
  const rest = name.slice(clusterId.length + 1);
  return role === 'jobmanager' ? `jobmanager-${rest.slice(rest.lastIndexOf('-') + 1)}` : rest;
}

/** `jm`, `tm1-3`: the name of a pod next to its lines. */
export function briefName(shortName: string, severalJobManagers: boolean): string {
  const taskManager = /^taskmanager-(\d+-\d+)$/.exec(shortName);
  if (taskManager !== null) return `tm${taskManager[1]}`;
  if (shortName.startsWith('jobmanager')) return severalJobManagers ? `jm-${shortName.slice(-3)}` : 'jm';
  return shortName;
}

/** True for names that Kubernetes gives to objects of the cluster's Deployment, and Flink to its TaskManagers. */
export function belongsTo(clusterId: string, name: string): boolean {
  if (name === clusterId) return true;
  if (!name.startsWith(`${clusterId}-`)) return false;
  return /^(?:taskmanager-\d+-\d+|[a-z0-9]{6,10}(?:-[a-z0-9]{5})?)$/.test(name.slice(clusterId.length + 1));
}
