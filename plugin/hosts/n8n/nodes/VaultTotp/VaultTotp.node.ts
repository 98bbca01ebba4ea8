// Generated from the catalogue by `npm run manifest`.
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from "n8n-workflow";
import { describeTool } from "../describe-tool.ts";
import { runTool } from "../run-tool.ts";

export class VaultTotp implements INodeType {
  description: INodeTypeDescription = {
    ...describeTool("vault_totp"),
    icon: { light: "file:../../icons/totem.svg", dark: "file:../../icons/totem.dark.svg" },
    subtitle: "Totem",
    usableAsTool: true,
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    return await runTool(this, "vault_totp");
  }
}
