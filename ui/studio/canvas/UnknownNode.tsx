/** Stands for a node whose type this catalogue does not know: kept, shown, not usable. */
export const UnknownNode = ({ id }: { id: string }) => (
  <div className="totem-card" data-node-type="unknown_node">
    <div className="totem-card__head">
      <span className="totem-card__text">
        <span className="totem-card__label">Unknown node</span>
        <span className="totem-card__subtitle" title={id}>
          {id}
        </span>
      </span>
    </div>
  </div>
);
