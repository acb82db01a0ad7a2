DROP TABLE second_look;
DROP TABLE automatic_opinion;
UPDATE review SET cause = 'doubt' WHERE cause IN ('second', 'difference');
ALTER TABLE review DROP CONSTRAINT ck_review_cause;
ALTER TABLE review ADD CONSTRAINT ck_review_cause CHECK (cause IN
  ('unread', 'held', 'doubt', 'proof', 'appeal', 'audit'));
DROP TABLE proof;
