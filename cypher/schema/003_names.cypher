// Names: full text that finds Chinese by pairs of characters

CREATE FULLTEXT INDEX party_names IF NOT EXISTS FOR (n:Party) ON EACH [n.name, n.other_names, n.former_names]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}};
