"""The composer that asks a language model. Imported only where one is set; docs/language-models.md says what it may and may not do."""
