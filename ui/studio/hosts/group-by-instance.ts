import type { HostWorkflow } from "../../../plugin/api/host-calls.ts";

export interface InstanceOfHost {
  readonly host: string;
  readonly instance: string;
  readonly workflows: readonly HostWorkflow[];
}

/** Workflows under the installation that brought them, each in the order they are given in. */
export function groupByInstance(workflows: readonly HostWorkflow[]): readonly InstanceOfHost[] {
  const groups = Map.groupBy(workflows, ({ host, host_instance }) => `${host} ${host_instance}`);
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    return first ? [{ host: first.host, instance: first.host_instance, workflows: own }] : [];
  });
}
