"""How the columns of a students' file are called, and the words some of them hold."""

from exchange.headers import IDENTITY, NAMES, Kind, words

KIND = Kind(
    name="students",
    label="Students",
    columns={
        **IDENTITY,
        "preferred_forename": words(
            "preferredforename preferredfirstname preferredname knownas chosenname chosenforename preferredgivenname"
            " preferredfirst calledname nickname"
        ),
        "preferred_surname": words("preferredsurname preferredlastname preferredfamilyname chosensurname"),
        **NAMES,
        "sex": words("sex gender legalsex sexatbirth currentgender"),
        "year_group": words(
            "yeargroup year yr ncyear nationalcurriculumyear yeartaughtin ncyearactual ncyearsfortoday ncyearfortoday"
            " yeargroupsthisacademicyear yeargroupthisacademicyear ncyearsthisacademicyear curriculumyear yeargroups"
            " currentyear currentyeargroup yeargroupname yrgrp ncyeargroup nationalcurriculumyeargroup schoolyear"
            " yeargrp nationalcurriculumyearactual yearcode actualncyear"
        ),
        "house": words(
            "house academichouse housename housegroup alliance pastoralhouse housegrp currenthouse college"
        ),
        "enrolment_status": words("enrolmentstatus enrollmentstatus enrolstatus enrolment registrationstatus"),
        "sen_status": words(
            "senstatus senprovision sen sencode currentsenstatus senstage senprovisioncode specialeducationalneeds"
            " senstatuscode currentsenprovision sendstatus send sensupport"
        ),
        "sen_need": words(
            "sentype senneed primaryneed primarysenneedstype senneeds senprimaryneed primarysenneed sennprimaryneed"
            " primarysentype senneedtype primarysenneedtype sentypeprimary sendneed"
        ),
        "pupil_premium": words(
            "pupilpremium pp ppindicator pupilpremiumindicator ppeligible pupilpremiumeligible pupilpremiumstatus"
            " deprivationpupilpremium premiumpupilindicator ppflag ispupilpremium pupilpremiumrecipient "
            "pupilpremiumeligibility"
            " disadvantaged pponroll"
        ),
        "eal": words(
            "eal ealstatus englishasadditionallanguage englishasanadditionallanguage iseal ealflag"
            " ealindicator"
        ),
        "language": words("firstlanguage language mothertongue homelanguage languagecode firstlanguagecode"),
        "ethnicity": words(
            "ethnicity ethnicorigin ethnicgroup ethniccode ethnicitycode ethnicoriginname ethnicbackground"
            " ethnicityname ethnicitydescription"
        ),
        "ethnicity_source": words("ethnicitysource ethnicsource sourceofethnicity ethnicdatasource"),
        "looked_after": words(
            "lookedafter incare lac lookedafterchild inlacare lacstatus cla childlookedafter currentlyincare "
            "incareindicator"
            " lookedafterincare childrenlookedafter lookedafterstatus islac careindicator"
        ),
        "email": words(
            "email emailaddress studentemail pupilemail schoolemail studentemailaddress primaryemail workemail"
        ),
        "joined_on": words(
            "dateofadmission admissiondate dateofentry entrydate startdate doa enrolmentdate joindate dateofjoining"
            " enrolmentstartdate onrolldate datejoined"
        ),
        "left_on": words(
            "leavingdate dateofleaving leavedate dol enddate dateleft exitdate leaverdate enrolmentenddate offrolldate"
            " dateofleavingschool"
        ),
    },
    needs=(
        frozenset({"surname", "forename", "name"}),
        frozenset({"upn", "admission_number", "mis_id", "date_of_birth"}),
    ),
    weights={"preferred_forename": 2, "sen_status": 2, "year_group": 2},
    hints=("student", "pupil", "learner", "onroll"),
    dates=("date_of_birth", "joined_on", "left_on"),
)  # fmt: skip
ENGLISH = {
    "eng",
    "enb",
    "english",
    "englishbritish",
    "believedtobeenglish",
    "englishbelievedtobe",
    "not",
    "ref",
    "zzz",
    "",
}
STATUS_WORDS = {"single": "C", "current": "C", "main": "M", "subsidiary": "S", "guest": "G", "previous": "P"}
TRUE_WORDS = {
    "pupil_premium": {"pp", "pupilpremium", "eligible", "dpp", "scp", "lap", "afc", "eyp", "disadvantaged", "ever6"},
    "eal": {"eal", "englishasanadditionallanguage", "englishasadditionallanguage"},
    "looked_after": {"lac", "cla", "lookedafter", "incare", "lookedafterchild"},
}
