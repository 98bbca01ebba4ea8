import { type CodeSource, useCodeSource, useCodeWindow, useWhyNoCode } from "../code-source.tsx";
import { LiveCode } from "./LiveCode.tsx";

/** The second row of a card that shows a code. It is as high with a code as without, so nothing moves. */
export function CodeRow({ nodeId }: { nodeId: string }) {
  const source = useCodeSource();
  return source ? <SourcedRow source={source} nodeId={nodeId} /> : null;
}

function SourcedRow({ source, nodeId }: { source: CodeSource; nodeId: string }) {
  const codeWindow = useCodeWindow(source, nodeId);
  const why = useWhyNoCode(source, nodeId) ?? "There is no code to show.";
  if (codeWindow)
    return (
      <LiveCode
        key={codeWindow.key ?? codeWindow.username}
        source={source}
        nodeId={nodeId}
        codeWindow={codeWindow}
      />
    );
  return (
    <div className="totem-code" data-code="none" title={why}>
      <span className="totem-ring">
        <svg viewBox="0 0 22 22" aria-hidden>
          <circle className="totem-ring__none" cx="11" cy="11" r="9" />
        </svg>
      </span>
      <span className="totem-code__why">{why}</span>
    </div>
  );
}
