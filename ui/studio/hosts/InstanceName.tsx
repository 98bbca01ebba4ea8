/** n8n calls itself by 64 digits. The first are enough to tell two apart; all of them are a pointer away. */
export const InstanceName = ({ instance }: { instance: string }) =>
  instance.length > 40 ? <span title={instance}>{instance.slice(0, 12)}…</span> : <bdi>{instance}</bdi>;
