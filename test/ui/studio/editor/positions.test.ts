import { expect, it } from "vitest";
import { cardSize, findFreePosition } from "../../../../ui/studio/editor/positions.ts";

it("never puts a new card on another, however many there are", () => {
  const nodes: { type: string; position: { x: number; y: number } }[] = [];
  for (let count = 0; count < 60; count++) {
    const type = ["agent", "ai_model", "whoami"][count % 3] ?? "agent";
    nodes.push({ type, position: findFreePosition(nodes, type, { x: 400, y: 250 }) });
  }
  for (const [index, one] of nodes.entries()) {
    for (const other of nodes.slice(index + 1)) {
      const [own, its] = [cardSize(one.type), cardSize(other.type)];
      const apart =
        one.position.x + own.width <= other.position.x ||
        other.position.x + its.width <= one.position.x ||
        one.position.y + own.height <= other.position.y ||
        other.position.y + its.height <= one.position.y;
      expect(apart).toBe(true);
    }
  }
});
