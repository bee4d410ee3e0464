import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { LanguageProvider } from "../language/language-context.tsx";
import { PageBoundary } from "../page-boundary.tsx";
import { OperatorApp } from "./operator-app.tsx";
import "../page.css";
import "./operator.css";
import "./feed/feed.css";
import "./map/map.css";
import "./tickets/tickets.css";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <PageBoundary>
        <OperatorApp />
      </PageBoundary>
    </LanguageProvider>
  </StrictMode>,
);
