SELECT pro FROM pro_standing ORDER BY pro
