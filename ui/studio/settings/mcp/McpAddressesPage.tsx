import { SettingsSection } from "../SettingsSection.tsx";

export const McpAddressesPage = () => <SettingsSection title="Not here yet">{null}</SettingsSection>;
