"""The analyst: a deterministic reader of officers' questions, in Chinese and English. Pure core, thin chat-model adapter."""
