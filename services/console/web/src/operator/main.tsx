// The operator's page follows; its entry exists so that both pages build together.
export {};
