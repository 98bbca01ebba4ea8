import { PageFrame } from "../pages/PageFrame.tsx";

export const AuditPage = () => <PageFrame title="Audit log">{null}</PageFrame>;
