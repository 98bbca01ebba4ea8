/** Totem's mark: diamonds stacked on one another, as on a totem pole. */
export const TotemMark = ({ size = 20 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
    <path d="M12 1.5 17.5 7 12 12.5 6.5 7Z" fill="var(--totem-tool)" />
    <path d="M12 11.5 17.5 17 12 22.5 6.5 17Z" fill="var(--totem-accent)" />
  </svg>
);
