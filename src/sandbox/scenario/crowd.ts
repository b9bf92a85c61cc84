import { recordOf, stamp, type Draft } from '../api/objects.ts';
import { DEPLOYMENTS, PODS } from '../api/resources.ts';
import type { ObjectStore } from '../api/store.ts';
import { podStatus } from '../pods/pod-status.ts';
import type { Random } from '../base/random.ts';
import type { SandboxClock } from '../base/clock.ts';

/** Many TaskManager pods without processes: they are listed, watched and changed like others, but have no logs. */
export interface Crowd {
  create(count: number, clusterId: string, ageMs?: number): void;
  churn(perSecond: number, forMs: number): void;
  remove(): void;
}

export function crowd(store: ObjectStore, clock: SandboxClock, random: Random): Crowd {
  const names: string[] = [];
  let calm = (): void => {};
  return {
    create(count, clusterId, ageMs = 0) {
      const at = clock.now() - ageMs;
      const owner = store.get(DEPLOYMENTS, 'default', clusterId);
      for (let made = 0; made < count; made += 1) {
        const name = `${clusterId}-taskmanager-9-${names.length + 1}`;
        const draft: Draft = {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: {
            name,
            creationTimestamp: stamp(at),
            labels: { app: clusterId, component: 'taskmanager', type: 'flink-native-kubernetes' },
            ...(owner === undefined
              ? {}
              : {
                  ownerReferences: [
                    {
                      apiVersion: 'apps/v1',
                      kind: 'Deployment',
                      name: clusterId,
                      uid: owner.metadata.uid,
                      controller: true,
                      blockOwnerDeletion: true,
                    },
                  ],
                }),
          },
          spec: {
            nodeName: 'fake',
            restartPolicy: 'Never',
            terminationGracePeriodSeconds: 0,
            containers: [
              {
                name: 'flink-main-container',
                image: 'flink:2.3.0',
                resources: { requests: { cpu: '1', memory: '1728Mi' }, limits: { cpu: '1', memory: '1728Mi' } },
              },
            ],
          },
        };
        const pod = store.create(PODS, 'default', draft);
        const running = { state: { running: { startedAt: stamp(at) } }, ready: true, restartCount: 0 } as const;
        store.update(PODS, {
          ...pod,
          status: podStatus(pod, 'Running', running, at, { podIP: `198.18.${Math.floor(made / 250)}.${(made % 250) + 1}` }),
        });
        names.push(name);
      }
    },
    churn(perSecond, forMs) {
      calm();
      const end = clock.after(forMs, () => calm());
      const stop = clock.every(1000 / perSecond, () => {
        const pod = names.length === 0 ? undefined : store.get(PODS, 'default', random.pick(names));
        if (pod === undefined) return;
        const running = {
          state: { running: { startedAt: String(recordOf(pod, 'status')['startTime']) } },
          ready: true,
          restartCount: random.between(0, 9),
        } as const;
        store.update(PODS, { ...pod, status: podStatus(pod, 'Running', running, clock.now()) });
      });
      calm = () => {
        stop();
        end();
      };
    },
    remove() {
      calm();
      for (const name of names.splice(0)) store.remove(PODS, 'default', name);
    },
  };
}
