/** The method of a frame: Flink adds the line to it. */
export const methodOf = (name: string): string => name.replace(/:-?\d+$/, '');

/** `StreamTask.invoke` of `org.apache.flink.streaming.runtime.tasks.StreamTask.invoke:959`; native names stay. */
export function shortMethod(name: string): string {
  const method = methodOf(name);
  return originOf(name) === 'native' ? method : method.replace(/^(?:[\w$]+\.)+(?=[\w$/<>]+\.[\w$<>]+$)/, '');
}

/** Where time is spent: `user` code, Flink, the JDK and the libraries of Flink, or code that is not Java. */
export type Origin = 'user' | 'flink' | 'java' | 'native';

/** Packages of the JDK and of what Flink brings along to run at all. */
const java = /^(?:java|javax|jdk|sun|com\.sun|scala|akka|org\.apache\.pekko|io\.netty|org\.apache\.flink\.shaded)\./;
const flink = /^org\.apache\.flink\./;
const javaName = /^[\w$]+(?:\.[\w$<>]+)+(?:\/0x[\da-f]+[\w$.]*)?(?::-?\d+)?$/;

/** Connectors and the API belong to Flink as well: what is left is what somebody wrote for this job. */
export function originOf(name: string): Origin {
  if (java.test(name)) return 'java';
  if (flink.test(name)) return 'flink';
  return javaName.test(name) ? 'user' : 'native';
}
