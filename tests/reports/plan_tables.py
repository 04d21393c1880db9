"""The rows of the five plans as their own texts print them: number, where the figure comes from, targets by year.

Copied from the table that settles how each target is measured. `-`: a department reports it.
"""

TABLES = {
    "tengzhou-2017": """
        1 township_groups 2020=100
        2 village_groups 2020=100
        3 - 2020>=3.8
        4 - 2020=100
        5 managed 2020>=90
        6 scz_treated 2020>=80
        7 - 2020>=50
        8 - 2020>=80
        9 rehab_township 2020>=85
        10 rehab_home 2020>=50
        11 - 2020>=80
        11 - 2020>=60
        11 - 2020>=85
        12 - 2020>=85
        13 - 2020=100
        13 - 2020=100
        14 incident_treated 2020=100
        15 - 2020>=1
        15 - 2020=1
        16 incident_events 2020report
    """,
    "fuxin-2016": """
        1 township_groups 2017=100 2020=100
        2 - 2017>=60 2020>=65
        3 - 2017>=50 2020=100
        4 managed 2017>=80
        5 scz_treated 2017>=70
        6 - 2020>=60
        7 - 2020=1
        7 - 2020>=1
        8 rehab_county 2017>=40 2020=100
        9 rehab_home 2017>=35 2020>=60
        10 - 2020=100
        11 - 2017>=70 2020>=85
        11 - 2017>=50 2020>=65
        11 - 2017>=80 2020>=95
        12 medical_aid 2020=100
        13 - 2020=100
        13 - 2020=2
        14 incident_treated 2020=100
        15 - 2020report
        15 - 2020report
    """,
    "zhongyuan-2016": """
        1 township_groups 2017=100
        2 joint_meetings 2017=4 2018=4 2019=4 2020=4
        3 - 2020>=2.8
        4 managed 2020>=80
        5 scz_treated 2020>=80
        6 - 2020>=50
        7 rehab_home 2020>=50
        8 - 2020>=70
        8 - 2020>=50
        8 - 2020>=80
        9 - 2020=100
        9 - 2020=100
        10 medical_aid 2020=100
        11 incident_treated 2020=100
        12 - 2020<=150
        13 - 2020>=1
        13 - 2020>=1
        13 - 2020>=1
        14 - 2020=100
        14 - 2020=100
        15 incident_events 2020report
    """,
    "zoucheng-2019": """
        1 free_treatment 2020=100
        2 quarterly_risk 2020=100
        3 alert_timely 2020=100
        4 exchanges 2020>=4
        5 exchanges 2020>=2
        6 care_plans 2020=100
        7 guardian_award 2020=100
        8 assistant_guardians 2020=100
        9 township_groups 2020=100
        9 village_groups 2020=100
        10 psychiatrist_link 2020=100
        11 away_files 2020=100
        12 lost_reported 2020=100
        13 - 2020=100
    """,
}


def lines_of(pack_id):
    return [line.split() for line in TABLES[pack_id].strip().splitlines()]
